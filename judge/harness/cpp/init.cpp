// The first process of a jail in which something is compiled, or in which a compiled program runs.
//
// It is PID 1 of the jail's namespace, and the only process that holds the control descriptor; it never runs a
// candidate's code. Everything that it reads from the channel was sent by the judge. Its modes:
//
//   init compile ARGUMENT...   READY; BUILD {"files": {path: bytes}, "sources": [path]}; the files are written under
//                              /box, then the command ARGUMENT... is run, in which SOURCES stands for the paths of the
//                              sources; what it left in /tmp/program comes back as bytes: BUILT {"exit", "signal",
//                              "artefact", "size"}. Nothing of the candidate's is executed.
//   init run ISOLATION         READY; LOAD (its content is not looked at); COMPILED; then the program on descriptor
//                              PROGRAM is executed, which says LOADED and answers calls (wire.hpp); when it has ended,
//                              EXIT {"exit", "signal"} is told on the control descriptor.
//   init program               a whole program, on its standard streams: program.hpp.
//   init program COMMAND...    the same of a program that a virtual machine holds: it is put into /tmp/program, and what
//                              is executed is COMMAND... with the program's arguments.
//   init greet                 is such a program itself: it tells what a box finds, for the golden test of a zygote.
//   init host COMMAND... ISOLATION
//                              a program that a virtual machine holds, which answers calls: hosted.hpp.
#include "hosted.hpp"
#include "program.hpp"

namespace {

constexpr off_t LARGEST_ARTEFACT = 64 << 20;
constexpr std::string_view SOURCES = "SOURCES";

// Returns the command with the sources of ``frame`` in their place, below /box, so that none looks like an option.
std::vector<std::string> completed(char** command, std::string_view frame) {
    std::vector<std::string> sources, whole;
    at_key(frame, "sources", [&](Reader& reader) { sources = words(reader); });
    for (; *command != nullptr; ++command) {
        if (*command != SOURCES)
            whole.emplace_back(*command);
        else
            for (const std::string& source : sources) whole.push_back(placed(source));
    }
    return whole;
}

void compile(char** command) {
    send_frame(CHANNEL, kind("ready", 1));
    const std::string frame = receive_frame();
    write_files(frame);
    std::vector<std::string> whole = completed(command, frame);
    std::vector<char*> vector;
    for (std::string& word : whole) vector.push_back(word.data());
    vector.push_back(nullptr);
    const pid_t child = fork();
    if (child < 0) fail("cannot fork");
    if (child == 0) {
        execv(vector[0], vector.data());
        fail("cannot execute " + whole[0]);
    }
    const int status = wait_for(child);
    sweep();
    std::uint64_t size = 0;
    std::string made;
    if (status == 0) read_file(ARTEFACT, LARGEST_ARTEFACT, size, made);
    send_frame(CHANNEL, kind("built", 5) + ending(status) + text("size") + "\xd3" + big_endian(size, 8) +
                            text("artefact") + bytes_of(made));
}

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
        execute({isolation});
    }
    close(CHANNEL);
    close(PROGRAM);
    const int status = wait_for(child);
    sweep();
    send_frame(CONTROL, kind("exit", 3) + ending(status));
}

// Prints what a program of a box is given; another answer from the same zygote says that boxes are not what they were.
int greet() {
    std::string told = "hello " + std::to_string(getpid()) + " " + std::to_string(getppid()) + " " +
                       std::to_string(getuid()) + " " + std::to_string(getgid());
    for (int descriptor = 0; descriptor < 64; ++descriptor)
        if (fcntl(descriptor, F_GETFD) >= 0) told += " " + std::to_string(descriptor);
    for (char** variable = environ; *variable != nullptr; ++variable) told += std::string("\n") + *variable;
    char directory[256] = "";
    told += std::string("\n") + (getcwd(directory, sizeof directory) == nullptr ? "nowhere" : directory) + "\n";
    put_all(1, told);
    return 0;
}

void nothing() {}  // nsjail has hardened both processes already

}  // namespace

int main(int count, char** arguments) {
    if (count == 2 && std::string_view(arguments[1]) == "greet") return greet();
    if (getpid() != 1) return BROKEN;  // outside a jail: it would kill every process that it can
    fcntl(CHANNEL, F_SETFD, FD_CLOEXEC);
    fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
    const std::string_view mode = count > 1 ? arguments[1] : "";
    if (count > 2 && mode == "compile")
        compile(arguments + 2);
    else if (count == 3 && mode == "run")
        run(arguments[2]);
    else if (count == 2 && mode == "program")
        serve_program(nothing, nothing);
    else if (count > 2 && mode == "program") {
        put_program();
        serve_program(nothing, nothing, [&](const std::vector<std::string>& given) { execute_with(arguments + 2, given); });
    } else if (count > 3 && mode == "host")
        host(count - 2, arguments + 2);
    else
        return BROKEN;
    return 0;
}
