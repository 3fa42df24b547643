/* The least that a program can do: end. Linked statically, it costs an exec and an exit, and no dynamic linker. */
int main(void) {
    return 0;
}
