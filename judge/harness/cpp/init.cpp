// The first process of a jail in which something is compiled, or in which a compiled program runs.
//
// It is PID 1 of the jail's namespace, and the only process that holds the control descriptor; it never runs a
// candidate's code. Everything that it reads from the channel was sent by the judge. Two modes:
//
//   init compile ARGUMENT...   READY; BUILD {"files": {path: bytes}}; the files are written under /box, then the
//                              command ARGUMENT... is run; what it left in /tmp/program comes back as bytes:
//                              BUILT {"exit", "signal", "artefact", "size"}. Nothing of the candidate's is executed.
//   init run ISOLATION         READY; LOAD (its content is not looked at); COMPILED; then the program on descriptor
//                              PROGRAM is executed, which says LOADED and answers calls (wire.hpp); when it has ended,
//                              EXIT {"exit", "signal"} is told on the control descriptor.
//
// The frames are those of judge/harness/protocol.py.
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int CHANNEL = 3, CONTROL = 4, PROGRAM = 7;
constexpr int BROKEN = 70, CANNOT_EXECUTE = 71;
constexpr off_t LARGEST_ARTEFACT = 64 << 20;
constexpr const char* ARTEFACT = "/tmp/program";

[[noreturn]] void fail(const std::string& what) {
    const std::string said = "init: " + what + ": " + std::strerror(errno) + "\n";
    if (write(2, said.data(), said.size()) < 0) _exit(BROKEN);
    _exit(BROKEN);
}

// --- frames ----------------------------------------------------------------------------------------------------------

std::string big_endian(std::uint64_t value, int bytes) {
    std::string out;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
    return out;
}

void put_all(int descriptor, std::string_view data) {
    while (!data.empty()) {
        const ssize_t done = write(descriptor, data.data(), data.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail("cannot send");
        data.remove_prefix(static_cast<std::size_t>(done));
    }
}

void send_frame(int descriptor, const std::string& payload) {
    put_all(descriptor, big_endian(payload.size(), 4) + payload);
}

std::string text(std::string_view value) { return static_cast<char>(0xA0 | value.size()) + std::string(value); }

std::string kind(std::string_view name, int keys) {
    return static_cast<char>(0x80 | keys) + text("kind") + text(name);
}

std::string ending(int status) {
    const std::string none = "\xc0";
    const bool killed = WIFSIGNALED(status);
    const int number = killed ? WTERMSIG(status) : WEXITSTATUS(status);
    const std::string value = "\xd3" + big_endian(static_cast<std::uint64_t>(number), 8);
    return text("exit") + (killed ? none : value) + text("signal") + (killed ? value : none);
}

std::string get(std::size_t count) {
    std::string data(count, '\0');
    std::size_t at = 0;
    while (at < count) {
        const ssize_t done = read(CHANNEL, data.data() + at, count - at);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail("cannot receive");
        if (done == 0) _exit(0);  // the judge is gone
        at += static_cast<std::size_t>(done);
    }
    return data;
}

std::uint64_t unsigned_of(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

std::string receive_frame() { return get(unsigned_of(get(4))); }

// Reads what the judge's encoder writes for mappings, texts and bytes.
class Reader {
   public:
    explicit Reader(std::string_view data) : data_(data) {}

    std::size_t mapping() { return head(0x80, 0x8F, 0xDF); }
    std::string_view word() { return take(head(0xA0, 0xBF, 0xDB)); }
    std::string_view bytes() { return take(head(1, 0, 0xC6)); }

   private:
    std::size_t head(int first, int last, int wide) {
        const int found = static_cast<unsigned char>(take(1)[0]);
        if (first <= found && found <= last) return static_cast<std::size_t>(found - first);
        if (found != wide) fail("a frame is malformed");
        return unsigned_of(take(4));
    }

    std::string_view take(std::size_t count) {
        if (count > data_.size()) fail("a frame is truncated");
        const std::string_view piece = data_.substr(0, count);
        data_.remove_prefix(count);
        return piece;
    }

    std::string_view data_;
};

// --- processes -------------------------------------------------------------------------------------------------------

int wait_for(pid_t child) {
    int status = 0;
    for (;;) {
        const pid_t ended = waitpid(-1, &status, 0);
        if (ended == child) return status;
        if (ended < 0 && errno != EINTR) fail("cannot wait");
    }
}

void sweep() {
    kill(-1, SIGKILL);
    while (waitpid(-1, nullptr, 0) > 0 || errno == EINTR) continue;
}

// A box with another seed has other process ids as well, so that an answer that depends on them is noticed.
void use_up_pids() {
    const char* seed = std::getenv("PYTHONHASHSEED");
    const long count = seed == nullptr ? 0 : std::strtol(seed, nullptr, 10) % 8;
    for (long made = 0; made < count; ++made) {
        const pid_t child = fork();
        if (child == 0) _exit(0);
        waitpid(child, nullptr, 0);
    }
}

// --- compiling -------------------------------------------------------------------------------------------------------

void write_file(std::string_view name, std::string_view content) {
    const std::string path = name.starts_with('/') ? std::string(name) : "/box/" + std::string(name);
    for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
        mkdir(path.substr(0, at).c_str(), 0755);
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0) fail("cannot write " + path);
    put_all(file, content);
    close(file);
}

void write_files(std::string_view frame) {
    Reader reader(frame);
    for (std::size_t keys = reader.mapping(); keys > 0; --keys) {
        if (reader.word() != "files") {
            reader.word();
            continue;
        }
        for (std::size_t files = reader.mapping(); files > 0; --files) {
            const std::string_view name = reader.word();
            write_file(name, reader.bytes());
        }
    }
}

// Returns what the compiler left, if it is a regular file of a size that is taken; ``size`` is its size in any case.
std::string artefact(std::uint64_t& size) {
    const int file = open(ARTEFACT, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat facts;
    if (file < 0 || fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode)) return "";
    size = static_cast<std::uint64_t>(facts.st_size);
    if (facts.st_size > LARGEST_ARTEFACT) return "";
    std::string content(size, '\0');
    for (std::size_t at = 0; at < content.size();) {
        const ssize_t done = read(file, content.data() + at, content.size() - at);
        if (done <= 0) fail("cannot read the program");
        at += static_cast<std::size_t>(done);
    }
    return content;
}

void compile(char** command) {
    send_frame(CHANNEL, kind("ready", 1));
    write_files(receive_frame());
    const pid_t child = fork();
    if (child < 0) fail("cannot fork");
    if (child == 0) {
        execv(command[0], command);
        fail(std::string("cannot execute ") + command[0]);
    }
    const int status = wait_for(child);
    sweep();
    std::uint64_t size = 0;
    const std::string made = status == 0 ? artefact(size) : "";
    send_frame(CHANNEL, kind("built", 5) + ending(status) + text("size") + "\xd3" + big_endian(size, 8) +
                            text("artefact") + "\xc6" + big_endian(made.size(), 4) + made);
}

// --- running ---------------------------------------------------------------------------------------------------------

void run(char* isolation) {
    fcntl(PROGRAM, F_SETFD, FD_CLOEXEC);
    use_up_pids();
    send_frame(CHANNEL, kind("ready", 1));
    receive_frame();
    send_frame(CHANNEL, kind("compiled", 1));
    const pid_t child = fork();
    if (child < 0) fail("cannot fork");
    if (child == 0) {
        close(CONTROL);
        fcntl(CHANNEL, F_SETFD, 0);
        char name[] = "solution";
        char* arguments[] = {name, isolation, nullptr};
        fexecve(PROGRAM, arguments, environ);
        _exit(CANNOT_EXECUTE);
    }
    close(CHANNEL);
    close(PROGRAM);
    const int status = wait_for(child);
    sweep();
    send_frame(CONTROL, kind("exit", 3) + ending(status));
}

}  // namespace

int main(int count, char** arguments) {
    if (getpid() != 1) return BROKEN;  // outside a jail: it would kill every process that it can
    fcntl(CHANNEL, F_SETFD, FD_CLOEXEC);
    fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
    if (count > 2 && std::string_view(arguments[1]) == "compile")
        compile(arguments + 2);
    else if (count == 3 && std::string_view(arguments[1]) == "run")
        run(arguments[2]);
    else
        return BROKEN;
    return 0;
}
