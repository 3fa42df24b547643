// The machine code of dev.namespaces.ffm.linux.Abi for AArch64. A test assembles this file and compares.
//
// Nothing here touches the stack, so a child may share its parent's memory and its stack pointer.
// The layout of a program stands in dev.namespaces.ffm.program.Op.
    .text

interpreter:                    // long interpreter(program)
    mov  x11, x0                // x11: the header
    add  x9, x0, #64            // x9: the op
next:
    ldr  x8, [x9]
    cmn  x8, #1                 // RETURN
    b.eq done
    ldr  x0, [x9, #8]
    tbnz x8, #63, pseudo
    ldp  x1, x2, [x9, #16]
    ldp  x3, x4, [x9, #32]
    ldr  x5, [x9, #48]
    svc  #0
    tbz  x0, #63, got
    stp  x9, x0, [x11]          // the last refusal: which op, and its negative errno
got:
    str  x0, [x9, #56]
    ldr  x10, [x9, #64]
    cbz  x10, branch
    str  x0, [x10]
branch:
    tbnz x0, #63, negative
    cbz  x0, zero
    ldr  x9, [x9, #88]
    b    next
zero:
    ldr  x9, [x9, #80]
    b    next
negative:
    ldr  x9, [x9, #72]
    b    next
pseudo:
    cmn  x8, #2                 // SUBTRACT
    b.eq subtract
    cmn  x8, #3                 // LOAD64
    b.eq load64
    ldrsw x0, [x0]              // LOAD32
    b    got
load64:
    ldr  x0, [x0]
    b    got
subtract:
    ldr  x1, [x9, #16]
    sub  x0, x0, x1
    b    got
done:
    ldr  x0, [x9, #8]
    ret

system_call:                    // long system_call(nr, a0, a1, a2, a3, a4, a5)
    mov  x8, x0
    mov  x0, x1
    mov  x1, x2
    mov  x2, x3
    mov  x3, x4
    mov  x4, x5
    mov  x5, x6
    svc  #0
    ret

entry:                          // where the stage-2 image starts
    movz x0, #0x0001, lsl #16   // StageTwoImage.BOOT_ADDRESS
    movk x0, #0x0002, lsl #32
    b    interpreter
