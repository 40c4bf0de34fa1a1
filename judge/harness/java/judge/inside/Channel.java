package judge.inside;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/**
 * The frames of judge/harness/protocol.py. The channel is a socket on descriptor 0, which is the only place that Java
 * lets a program read and write: an init has put it there, and {@code System.in} is empty.
 */
final class Channel {
    private static final int MAX_MESSAGE = 4096;
    private final FileInputStream from = new FileInputStream(FileDescriptor.in);
    private final FileOutputStream to = new FileOutputStream(FileDescriptor.in);

    /** Reads one frame; null at the end of the stream. */
    byte[] receive() throws IOException {
        byte[] head = read(4);
        if (head == null) {
            return null;
        }
        int size = 0;
        for (byte part : head) {
            size = size << 8 | part & 0xFF;
        }
        return read(size);
    }

    private byte[] read(int count) throws IOException {
        byte[] data = new byte[count];
        for (int at = 0; at < count; ) {
            int done = from.read(data, at, count - at);
            if (done < 0) {
                return null;
            }
            at += done;
        }
        return data;
    }

    /** Begins a frame of so many pairs, of which its kind is the first. */
    static Writer frame(String kind, int pairs) {
        Writer frame = new Writer();
        for (int at = 0; at < 4; ++at) {
            frame.put(0);
        }
        frame.map(pairs);
        frame.text("kind");
        frame.text(kind);
        return frame;
    }

    static Writer frame(String kind, int pairs, long identity) {
        Writer frame = frame(kind, pairs);
        frame.text("id");
        frame.wide(identity);
        return frame;
    }

    void send(Writer frame) throws IOException {
        frame.close(4, 0);
        to.write(frame.written());
    }

    void tell(String kind) throws IOException {
        send(frame(kind, 1));
    }

    /** As much of a text as is sent, without halves of characters. */
    static String shown(String text) {
        String said = text == null ? "" : text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
        StringBuilder whole = new StringBuilder(said);
        for (int at = 0; at < whole.length(); ++at) {
            char here = whole.charAt(at);
            if (Character.isHighSurrogate(here) && at + 1 < whole.length() && Character.isLowSurrogate(whole.charAt(at + 1))) {
                ++at;
            } else if (Character.isSurrogate(here)) {
                whole.setCharAt(at, '?');
            }
        }
        return whole.toString();
    }
}
