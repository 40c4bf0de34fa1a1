// A whole program in its box: the init of the box, which is PID 1 of its namespace and never runs the program itself.
//
//   READY; LOAD {"files"}: they are written below /box; COMPILED; LOADED; CALL {"arguments", "collect"}: the program on
//   descriptor PROGRAM is executed with these arguments and standard streams only; when it has ended everything else in
//   the namespace is killed. Files that are to be collected, those below a directory where the name ends in a slash,
//   come back as COLLECTED {"files"}, on the channel, which no other process has any more; then EXIT {"exit", "signal"} is told on the control descriptor.
#pragma once

#include "frames.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

constexpr int PROGRAM = 7;

inline int wait_for(pid_t child) {
    int status = 0;
    for (;;) {
        const pid_t ended = waitpid(-1, &status, 0);
        if (ended == child) return status;
        if (ended < 0 && errno != EINTR) fail("cannot wait");
    }
}

inline void sweep() {
    kill(-1, SIGKILL);
    while (waitpid(-1, nullptr, 0) > 0 || errno == EINTR) continue;
}

// A box with another seed has other process ids as well, so that an answer that depends on them is noticed.
inline void use_up_pids() {
    const char* seed = std::getenv("PYTHONHASHSEED");
    const long count = seed == nullptr ? 0 : std::strtol(seed, nullptr, 10) % 8;
    for (long made = 0; made < count; ++made) {
        const pid_t child = fork();
        if (child == 0) _exit(0);
        waitpid(child, nullptr, 0);
    }
}

inline std::string placed(std::string_view name) {
    return name.starts_with('/') ? std::string(name) : "/box/" + std::string(name);
}

inline void make_parents(const std::string& path) {
    for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
        mkdir(path.substr(0, at).c_str(), 0755);
}

inline void write_file(std::string_view name, std::string_view content) {
    const std::string path = placed(name);
    make_parents(path);
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0) fail("cannot write " + path);
    put_all(file, content);
    close(file);
}

inline void write_files(std::string_view frame) {
    at_key(frame, "files", [](Reader& reader) {
        for (std::size_t files = reader.mapping(); files > 0; --files) {
            const std::string_view name = reader.word();
            write_file(name, reader.bytes());
        }
    });
}

// Returns whether ``path`` is a regular file of at most ``most`` bytes; ``size`` is its size, ``content`` what it holds.
inline bool read_file(const std::string& path, off_t most, std::uint64_t& size, std::string& content) {
    const int file = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat facts;
    if (file < 0) return false;
    const bool regular = fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
    if (regular) size = static_cast<std::uint64_t>(facts.st_size);
    const bool taken = regular && facts.st_size <= most;
    if (taken) content.resize(size);
    for (std::size_t at = 0; at < content.size();) {
        const ssize_t done = read(file, content.data() + at, content.size() - at);
        if (done <= 0) fail("cannot read " + path);
        at += static_cast<std::size_t>(done);
    }
    close(file);
    return taken;
}

inline bool printable(std::string_view name) {
    for (const char letter : name)
        if (letter <= ' ' || letter > '~') return false;
    return true;
}

constexpr std::size_t MOST_FILES = 300;  // that are collected; those after them are told, without content

// Adds the files in ``directory``, whose name ends in a slash, and below it, unless they are among ``found``; names that
// are not printable are left.
inline void list_below(const std::string& directory, std::vector<std::string>& found, int depth = 0) {
    DIR* const listing = depth < 8 ? opendir(placed(directory).c_str()) : nullptr;
    if (listing == nullptr) return;
    while (const dirent* const entry = readdir(listing)) {
        const std::string name = entry->d_name, path = directory + name;
        struct stat facts;
        if (name == "." || name == ".." || !printable(name) || found.size() > 2 * MOST_FILES) continue;
        if (lstat(placed(path).c_str(), &facts) != 0) continue;
        if (S_ISDIR(facts.st_mode)) list_below(path + "/", found, depth + 1);
        if (S_ISREG(facts.st_mode) && std::ranges::find(found, path) == found.end()) found.push_back(path);
    }
    closedir(listing);
}

inline void send_collected(const std::vector<std::string>& wanted) {
    constexpr off_t LARGEST = 64 << 20;
    std::vector<std::string> names;
    for (const std::string& name : wanted) {
        if (!name.ends_with('/')) names.push_back(name);
    }
    for (const std::string& name : wanted) {
        if (name.ends_with('/')) list_below(name, names);
    }
    std::string files;
    std::uint64_t count = 0;
    for (const std::string& name : names) {
        std::string content;
        std::uint64_t size = count < MOST_FILES ? 0 : 1;
        const off_t left = LARGEST - static_cast<off_t>(std::min<std::size_t>(files.size(), LARGEST));
        const bool taken = count < MOST_FILES && read_file(placed(name), left, size, content);
        if (!taken && size == 0) continue;
        files += text(name) + (taken ? bytes_of(content) : "\xc0");
        ++count;
    }
    send_frame(CHANNEL, kind("collected", 2) + text("files") + "\xdf" + big_endian(count, 4) + files);
}

[[noreturn]] inline void execute(const std::vector<std::string>& arguments) {
    std::vector<char*> vector;
    char name[] = "solution";
    vector.push_back(name);
    for (const std::string& argument : arguments) vector.push_back(const_cast<char*>(argument.c_str()));
    vector.push_back(nullptr);
    fexecve(PROGRAM, vector.data(), environ);
    _exit(CANNOT_EXECUTE);
}

// Serves a box to its end. ``harden_program`` is called in the process that will be the program, ``harden_init`` here;
// ``become`` turns that process into the program, with its arguments.
template <class HardenProgram, class HardenInit, class Become = void (*)(const std::vector<std::string>&)>
[[noreturn]] void serve_program(HardenProgram harden_program, HardenInit harden_init, Become become = execute) {
    for (const int own : {CHANNEL, CONTROL, PROGRAM}) fcntl(own, F_SETFD, FD_CLOEXEC);
    use_up_pids();
    send_frame(CHANNEL, kind("ready", 1));
    write_files(receive_frame());
    const std::string compiled = kind("compiled", 1), loaded = kind("loaded", 1);  // told at once: the judge wakes once
    put_all(CHANNEL, big_endian(compiled.size(), 4) + compiled + big_endian(loaded.size(), 4) + loaded);
    const std::string call = receive_frame();
    std::vector<std::string> arguments, collected;
    at_key(call, "arguments", [&](Reader& reader) {
        Reader inner(reader.bytes());
        arguments = words(inner);
    });
    const bool collects = at_key(call, "collect", [&](Reader& reader) { collected = words(reader); });
    for (const std::string& wanted : collected) make_parents(placed(wanted));
    const pid_t child = fork();
    if (child < 0) fail("cannot fork");
    if (child == 0) {
        close(CHANNEL);
        close(CONTROL);
        harden_program();
        become(arguments);
    }
    close(PROGRAM);
    harden_init();
    const int status = wait_for(child);
    sweep();
    if (collects) send_collected(collected);
    send_frame(CONTROL, kind("exit", 3) + ending(status));
    _exit(0);
}
