package judge.inside;

import java.util.ArrayList;
import java.util.List;

/** An exception that left the candidate's code: its type's name, its message, and the frames of the candidate's files. */
final class Failure {
    private static final int MAX_FRAMES = 32;
    private final Throwable error;
    private final Program program;
    private final String where; // what is said after the message

    Failure(Throwable error, Program program, String where) {
        boolean wrapped = error instanceof ExceptionInInitializerError && error.getCause() != null;
        this.error = wrapped ? error.getCause() : error;
        this.program = program;
        this.where = where;
    }

    /** Writes the three pairs: type, message, frames. */
    void write(Writer to) {
        to.text("type");
        String name = error.getClass().getName();
        to.text(Channel.shown(name.length() <= 200 ? name : name.substring(0, 200)));
        to.text("message");
        to.text(Channel.shown(where.isEmpty() ? message() : (message() == null ? "" : message()) + where));
        to.text("frames");
        List<StackTraceElement> frames = frames();
        to.list(frames.size());
        for (StackTraceElement frame : frames) {
            to.list(4);
            to.text(frame.getFileName());
            to.integer(Math.max(0, frame.getLineNumber()));
            to.text(Channel.shown(frame.getMethodName()));
            to.text(line(frame));
        }
    }

    private String message() {
        try {
            return error.getMessage();
        } catch (Throwable another) {
            return "(its message could not be made)";
        }
    }

    /** The outermost first; of too many, the outermost and the innermost half. */
    private List<StackTraceElement> frames() {
        List<StackTraceElement> frames = new ArrayList<>();
        try {
            for (StackTraceElement frame : error.getStackTrace()) {
                if (frame.getFileName() != null && program.parts.containsKey(Program.SOURCE + frame.getFileName())) {
                    frames.add(0, frame);
                }
            }
        } catch (Throwable another) {
            frames.clear();
        }
        while (frames.size() > MAX_FRAMES) {
            frames.remove(MAX_FRAMES / 2);
        }
        return frames;
    }

    private String line(StackTraceElement frame) {
        byte[] source = program.parts.get(Program.SOURCE + frame.getFileName());
        String[] lines = new String(source, java.nio.charset.StandardCharsets.UTF_8).split("\n", -1);
        int number = frame.getLineNumber();
        String line = 0 < number && number <= lines.length ? lines[number - 1].strip() : "";
        return Channel.shown(line.length() <= 200 ? line : line.substring(0, 200));
    }
}
