// What a program of test_compiled_programs.py does: its first argument names it.
#include <sys/wait.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
using std::string;
void names(const char* path) {
    DIR* directory = opendir(path);
    string found[64];
    int count = 0;
    while (dirent* entry = readdir(directory)) if (entry->d_name[0] != '.') found[count++] = entry->d_name;
    for (int i = 0; i < count; ++i) for (int j = i + 1; j < count; ++j) if (found[j] < found[i]) std::swap(found[i], found[j]);
    for (int i = 0; i < count; ++i) printf("%s ", found[i].c_str());
}
int main(int count, char** arguments) {
    const string way = count > 1 ? arguments[1] : "";
    if (way == "echo") { char part[4096]; for (ssize_t size; (size = read(0, part, sizeof part)) > 0;) if (write(1, part, size) != size) return 9; return 0; }
    if (way == "arguments") { for (int i = 1; i < count; ++i) printf("[%s]", arguments[i]); return 0; }
    if (way == "status") return 3;
    if (way == "abort") { puts("right"); fflush(stdout); abort(); }
    if (way == "throw") throw 3;
    if (way == "segfault") { volatile int* nothing = nullptr; return *nothing; }
    if (way == "overflow") { volatile char deep[1 << 20]; deep[0] = 1; return main(count, arguments) + deep[0]; }
    if (way == "hoard") for (;;) memset(new char[1 << 20], 1, 1 << 20);
    if (way == "loop") for (volatile int turn = 0;; turn = turn + 1) continue;
    if (way == "sleep") { sleep(60); return 0; }
    if (way == "flood") for (;;) puts("again and again and again and again and again");
    if (way == "unshare") return unshare(CLONE_NEWUSER) < 0 ? errno : 0;
    if (way == "mount") return mount("none", "/tmp", "tmpfs", 0, "") < 0 ? errno : 0;
    if (way == "keyctl") return syscall(SYS_keyctl, 0, 0, 0, 0, 0) < 0 ? errno : 0;
    if (way == "socket") { printf("%d", syscall(SYS_socket, 2, 1, 0) < 0 ? errno : 0); return 0; }
    if (way == "setuid") { printf("%d", setuid(0) < 0 ? errno : 0); return 0; }
    if (way == "kill") { kill(1, SIGKILL); kill(-1, SIGKILL); puts("alive"); return 0; }
    if (way == "stop") { kill(1, SIGSTOP); puts("alive"); return 0; }
    if (way == "daemon") { if (fork() == 0) { setsid(); for (;;) pause(); } puts("parent"); return 0; }
    if (way == "child") { if (fork() == 0) { for (;;) memset(new char[1 << 20], 1, 1 << 20); } wait(nullptr); return 1; }
    if (way == "bomb") { for (int made = 0;; ++made) if (fork() < 0) { return 5; } }
    if (way == "write") { printf("%d ", open("/judge/x", O_CREAT | O_WRONLY, 0644) < 0); printf("%d ", open("/x", O_CREAT | O_WRONLY, 0644) < 0); printf("%d", write(0, "x", 1) < 0); return 0; }
    if (way == "leave") { names("/tmp"); names("/box"); creat("/tmp/seen", 0644); creat("/box/seen", 0644); return 0; }
    if (way == "descriptors") { for (int i = 0; i < 1024; ++i) if (fcntl(i, F_GETFD) >= 0) printf("%d ", i); return 0; }
    if (way == "facts") {
        printf("%d %d %d %d %d ", getpid() > 1, getuid(), geteuid(), getgid(), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
        for (int capability = 0; capability < 41; ++capability) if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) != 0) printf("cap%d ", capability);
        printf("%d %d", prctl(PR_GET_SECCOMP, 0, 0, 0, 0), access("/proc", F_OK) == 0 && access("/proc/1", F_OK) == 0);
        return 0;
    }
    if (way == "memory") { for (int made = 0; made < 40; ++made) memset(new char[1 << 20], 1, 1 << 20); return 0; }
    if (way == "leave-files") { creat("out/empty", 0600); FILE* file = fopen("out/some", "w"); fputs("text", file); fclose(file); symlink("some", "out/link"); mkfifo("out/pipe", 0644); return 0; }
    return 0;
}
