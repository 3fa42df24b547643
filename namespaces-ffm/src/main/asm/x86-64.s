# The machine code of dev.namespaces.ffm.linux.Abi for x86-64. A test assembles this file and compares.
#
# Nothing here touches the stack between a clone and an exec, so a child may share its parent's memory and its stack pointer.
# The layout of a program stands in dev.namespaces.ffm.program.Op.
    .intel_syntax noprefix
    .text

interpreter:                    # long interpreter(program)
    push rbx
    push rbp
    mov  rbp, rdi               # rbp: the header
    lea  rbx, [rdi+64]          # rbx: the op
next:
    mov  rax, [rbx]
    cmp  rax, -1                # RETURN
    je   done
    mov  rdi, [rbx+8]
    test rax, rax
    js   pseudo
    mov  rsi, [rbx+16]
    mov  rdx, [rbx+24]
    mov  r10, [rbx+32]
    mov  r8, [rbx+40]
    mov  r9, [rbx+48]
    syscall
    test rax, rax
    jns  got
    mov  [rbp], rbx             # the last refusal: which op
    mov  [rbp+8], rax           # and its negative errno
got:
    mov  [rbx+56], rax
    mov  rcx, [rbx+64]
    test rcx, rcx
    jz   branch
    mov  [rcx], rax
branch:
    test rax, rax
    js   negative
    jz   zero
    mov  rbx, [rbx+88]
    jmp  next
zero:
    mov  rbx, [rbx+80]
    jmp  next
negative:
    mov  rbx, [rbx+72]
    jmp  next
pseudo:
    cmp  rax, -2                # SUBTRACT
    je   subtract
    cmp  rax, -3                # LOAD64
    je   load64
    movsxd rax, dword ptr [rdi] # LOAD32
    jmp  got
load64:
    mov  rax, [rdi]
    jmp  got
subtract:
    mov  rax, rdi
    sub  rax, [rbx+16]
    jmp  got
done:
    mov  rax, [rbx+8]
    pop  rbp
    pop  rbx
    ret

system_call:                    # long system_call(nr, a0, a1, a2, a3, a4, a5)
    mov  rax, rdi
    mov  rdi, rsi
    mov  rsi, rdx
    mov  rdx, rcx
    mov  r10, r8
    mov  r8, r9
    mov  r9, [rsp+8]
    syscall
    ret

entry:                          # where the stage-2 image starts
    movabs rdi, 0x200010000     # StageTwoImage.BOOT_ADDRESS
    jmp  interpreter
