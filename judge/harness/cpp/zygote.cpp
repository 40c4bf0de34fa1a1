// The fork server of compiled programs: it makes a box for each run, at the price of a fork instead of a jail's start.
//
// It is the first process of a slot's outer jail, with one thread and a few pages, and never runs a line of a
// candidate's. What it does is what judge/harness/zygote.py does, step by step and over the same socket; the box is then
// served by program.hpp, and a program replaces the process that was forked for it. For each "box" it makes a process
// in a new pid namespace, which
//
// 1. takes the descriptors of this box, the program's as well, and closes all others,
// 2. enters new mount, ipc and uts namespaces and mounts a fresh /box and /tmp,
// 3. waits for the word to go on, so that the supervisor has marked it for the OOM killer first,
// 4. forks the process that will be the program, which becomes another user without any capability, and installs the
//    strict system call filter,
// 5. goes on as the box's init, without capabilities but the one to kill.
#include "program.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

namespace {

constexpr int COMMANDS = 3, FILTER = 4, BOX_DESCRIPTORS = 6;
constexpr uid_t USER = 1000;  // of the program; the zygote is 0 in its user namespace
constexpr const char* TMPFS = "size=67108864,nr_inodes=4096,mode=1777";

std::string instructions;  // of the strict filter

void check(long status, const char* what) {
    if (status < 0) fail(what);
}

// --- what a box's processes give up ----------------------------------------------------------------------------------

void set_capabilities(std::uint32_t effective, std::uint32_t permitted) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    data[0].effective = effective;
    data[0].permitted = permitted;
    check(syscall(SYS_capset, &header, data), "capset");
}

// Empties the bounding and inheritable sets, for every fork; what this process has itself it keeps.
void give_up_inheritance() {
    for (int capability = 0; capability < 64; ++capability)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) break;  // the kernel's last one is passed
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    check(syscall(SYS_capget, &header, data), "capget");
    set_capabilities(data[0].effective, data[0].permitted);
}

void harden_program() {
    check(setresgid(USER, USER, USER), "setresgid");
    check(setresuid(USER, USER, USER), "setresuid");  // clears the other capability sets
    sock_fprog filter{static_cast<unsigned short>(instructions.size() / sizeof(sock_filter)),
                      reinterpret_cast<sock_filter*>(instructions.data())};
    check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0), "prctl(PR_SET_SECCOMP)");
}

void harden_init() { set_capabilities(1U << CAP_KILL, 1U << CAP_KILL); }

// --- a box -----------------------------------------------------------------------------------------------------------

void take_descriptors(const int (&given)[BOX_DESCRIPTORS]) {
    constexpr int wanted[BOX_DESCRIPTORS] = {0, 1, 2, CHANNEL, CONTROL, PROGRAM};
    for (int at = 0; at < BOX_DESCRIPTORS; ++at) check(dup2(given[at], 32 + at), "dup2");
    for (int at = 0; at < BOX_DESCRIPTORS; ++at) check(dup2(32 + at, wanted[at]), "dup2");
    check(close_range(CONTROL + 1, PROGRAM - 1, 0), "close_range");
    check(close_range(PROGRAM + 1, ~0U, 0), "close_range");
}

void enter_namespaces() {
    check(unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS), "unshare");
    check(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount /");
    for (const char* path : {"/box", "/tmp"})
        check(mount("none", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, TMPFS), path);
    check(chdir("/box"), "chdir /box");
    setsid();
}

[[noreturn]] void become_box(const int (&given)[BOX_DESCRIPTORS]) {
    take_descriptors(given);
    enter_namespaces();
    setfsgid(USER);  // files of the box are the program's
    setfsuid(USER);
    char word = 0;
    if (read(CHANNEL, &word, 1) != 1 || word != 'g') _exit(0);
    serve_program(harden_program, harden_init);
}

// --- the server ------------------------------------------------------------------------------------------------------

void tell(std::string_view message, int descriptor = -1) {
    iovec part{const_cast<char*>(message.data()), message.size()};
    alignas(cmsghdr) char room[CMSG_SPACE(sizeof(int))] = {};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (descriptor >= 0) {
        header.msg_control = room;
        header.msg_controllen = sizeof room;
        cmsghdr* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    }
    check(sendmsg(COMMANDS, &header, 0), "sendmsg");
}

std::string listen(int (&given)[BOX_DESCRIPTORS], int& count) {
    char text[64];
    iovec part{text, sizeof text};
    alignas(cmsghdr) char room[CMSG_SPACE(sizeof given)];
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = room;
    header.msg_controllen = sizeof room;
    const ssize_t size = recvmsg(COMMANDS, &header, 0);
    count = 0;
    for (cmsghdr* found = CMSG_FIRSTHDR(&header); found != nullptr; found = CMSG_NXTHDR(&header, found)) {
        if (found->cmsg_level != SOL_SOCKET || found->cmsg_type != SCM_RIGHTS) continue;
        count = static_cast<int>((found->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        std::memcpy(given, CMSG_DATA(found), static_cast<std::size_t>(count) * sizeof(int));
    }
    return size <= 0 ? std::string() : std::string(text, static_cast<std::size_t>(size));
}

pid_t make_box(int own, const int (&given)[BOX_DESCRIPTORS]) {
    check(setns(own, CLONE_NEWPID), "setns");  // the kernel nests no further
    check(unshare(CLONE_NEWPID), "unshare(CLONE_NEWPID)");
    const pid_t child = fork();
    check(child, "fork");
    if (child == 0) become_box(given);
    for (const int descriptor : given) close(descriptor);
    const int handle = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
    check(handle, "pidfd_open");
    tell("box", handle);
    close(handle);
    return child;
}

void read_filter() {
    char part[4096];
    for (ssize_t size; (size = read(FILTER, part, sizeof part)) != 0;) {
        check(size, "cannot read the filter");
        instructions.append(part, static_cast<std::size_t>(size));
    }
}

}  // namespace

int main() {
    if (getpid() != 1) return BROKEN;  // outside a jail
    unsetenv("LD_BIND_NOW");  // is for a zygote with a loader
    const int own = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
    check(own, "pidfd_open");
    read_filter();
    check(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl(PR_SET_DUMPABLE)");
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) fail("no_new_privs is not set");
    give_up_inheritance();
    tell("ready");
    pid_t child = 0;
    for (;;) {
        int given[BOX_DESCRIPTORS], count = 0;
        const std::string message = listen(given, count);
        if (message == "box" && count == BOX_DESCRIPTORS) {
            child = make_box(own, given);
        } else if (message == "reap") {
            check(waitpid(child, nullptr, 0), "waitpid");
            tell("reaped");
        } else {
            return 0;
        }
    }
}
