package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetworkPictureTest {

    private static final Topology TOPOLOGY = Network.builder().hosts("a", "end").routers("r")
            .link("a", "r", "10.9.0.0/24").switchOf("lan", "fd00::/64", "r", "end").topology();

    @Test
    void forGraphviz() {
        assertThat(NetworkPicture.dot(TOPOLOGY)).isEqualTo("""
                graph network {
                  graph [nodesep=1, ranksep=1];
                  node [shape=box];
                  edge [fontsize=10, labeldistance=3, labelangle=-50];
                  "a";
                  "end";
                  "r" [shape=diamond];
                  "a" -- "r" [label="10.9.0.0/24", taillabel="10.9.0.1", headlabel="10.9.0.2"];
                  "lan" [shape=ellipse, label="lan\\nfd00::/64"];
                  "r" -- "lan" [taillabel="fd00::1"];
                  "end" -- "lan" [taillabel="fd00::2"];
                }
                """);
    }

    @Test
    void forMermaidWhereNoIdIsAWordOfTheLanguage() {
        assertThat(NetworkPicture.mermaid(TOPOLOGY)).isEqualTo("""
                flowchart LR
                  h0["a"]
                  h1["end"]
                  h2{"r"}
                  h0 ---|"10.9.0.1<br>10.9.0.0/24<br>10.9.0.2"| h2
                  s1(["lan<br>fd00::/64"])
                  h2 ---|"fd00::1"| s1
                  h1 ---|"fd00::2"| s1
                """);
    }
}
