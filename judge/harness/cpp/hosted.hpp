// A program that needs another one to run, a virtual machine say, in its box: the init of the box puts the program into
// /tmp/program and starts COMMAND... ISOLATION first, with the channel as descriptor 0; that process says READY and
// everything else of judge/harness/protocol.py. When it has ended, EXIT is told on the control descriptor.
//
// With isolation "test" it is not the end: what is left of the process is killed, what is in /tmp and /box is removed,
// ENDED {"exit", "signal"} is told on the control descriptor, which no other process has. At RENEW the next process is
// started, with "again" for "first"; it has never run anything of the candidate's when it says READY.
#pragma once

#include "program.hpp"

#include <dirent.h>

constexpr const char* ARTEFACT = "/tmp/program";

inline std::vector<std::string> names_in(int directory) {
    std::vector<std::string> names;
    DIR* const listing = fdopendir(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (listing == nullptr) fail("cannot list a directory");
    while (const dirent* const entry = readdir(listing)) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") names.push_back(name);
    }
    closedir(listing);
    return names;
}

// Makes a directory one that can be read, and moved.
inline void open_up(int parent, const std::string& name) {
    struct stat facts;
    if (fstatat(parent, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(facts.st_mode))
        fchmodat(parent, name.c_str(), 0700, 0);
}

// Moves what is in a directory one level up, to names that are not taken, and removes the directory.
inline void dissolve(int parent, const std::string& name, unsigned& moved) {
    open_up(parent, name);
    const int directory = openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) fail("cannot remove " + name);
    for (const std::string& child : names_in(directory)) {
        open_up(directory, child);
        while (renameat(directory, child.c_str(), parent, std::to_string(moved++).c_str()) != 0)
            if (errno != ENOTEMPTY && errno != EEXIST && errno != EISDIR && errno != ENOTDIR) fail("cannot move " + child);
    }
    close(directory);
    unlinkat(parent, name.c_str(), AT_REMOVEDIR);
}

// Removes everything in a directory, however deep: no path gets long, and no level keeps a descriptor.
inline void empty(const char* path) {
    const int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) fail(std::string("cannot open ") + path);
    unsigned moved = 0;
    for (std::vector<std::string> names = names_in(directory); !names.empty(); names = names_in(directory))
        for (const std::string& name : names)
            if (unlinkat(directory, name.c_str(), 0) != 0 && unlinkat(directory, name.c_str(), AT_REMOVEDIR) != 0)
                dissolve(directory, name, moved);
    close(directory);
}

inline void put_program() {
    const int file = open(ARTEFACT, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) fail(std::string("cannot write ") + ARTEFACT);
    std::string piece(1 << 16, '\0');
    for (off_t at = 0;;) {
        const ssize_t count = pread(PROGRAM, piece.data(), piece.size(), at);
        if (count < 0) fail("cannot read the program");
        if (count == 0) break;
        put_all(file, std::string_view(piece).substr(0, static_cast<std::size_t>(count)));
        at += count;
    }
    close(file);
}

// Becomes COMMAND with the arguments of a whole program, whose file it finds in its place.
[[noreturn]] inline void execute_with(char** command, const std::vector<std::string>& arguments) {
    std::vector<char*> whole;
    for (; *command != nullptr; ++command) whole.push_back(*command);
    for (const std::string& argument : arguments) whole.push_back(const_cast<char*>(argument.c_str()));
    whole.push_back(nullptr);
    execv(whole[0], whole.data());
    _exit(CANNOT_EXECUTE);
}

inline int hosted(const std::vector<char*>& command) {
    put_program();
    const pid_t child = fork();
    if (child < 0) fail("cannot fork");
    if (child == 0) {
        dup2(CHANNEL, 0);
        execv(command[0], command.data());
        _exit(CANNOT_EXECUTE);
    }
    const int status = wait_for(child);
    sweep();
    return status;
}

inline void host(int count, char** arguments) {
    fcntl(PROGRAM, F_SETFD, FD_CLOEXEC);
    use_up_pids();
    char first[] = "first", again[] = "again";
    std::vector<char*> command(arguments, arguments + count);
    const bool renewed = std::string_view(command.back()) == "test";
    command.insert(command.end(), {first, nullptr});
    int status = hosted(command);
    while (renewed) {
        empty("/tmp");
        empty("/box");
        send_frame(CONTROL, kind("ended", 3) + ending(status));
        receive_frame();
        command[command.size() - 2] = again;
        status = hosted(command);
    }
    send_frame(CONTROL, kind("exit", 3) + ending(status));
}
