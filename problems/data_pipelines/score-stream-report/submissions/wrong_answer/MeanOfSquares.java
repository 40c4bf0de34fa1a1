import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.TreeSet;

/** The mean of the squares less the square of the mean: digits are lost where scores are far from 0. */
public class MeanOfSquares {
    private record Served(int item, int times) implements Comparable<Served> {
        @Override
        public int compareTo(Served other) {
            return times != other.times ? Integer.compare(other.times, times) : Integer.compare(item, other.item);
        }
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        StringTokenizer head = new StringTokenizer(in.readLine());
        int lines = Integer.parseInt(head.nextToken()), k = Integer.parseInt(head.nextToken());
        Map<Integer, Integer> times = new HashMap<>();
        TreeSet<Served> ranked = new TreeSet<>();
        StringBuilder written = new StringBuilder();
        long count = 0;
        double sum = 0, squares = 0;
        while (lines-- > 0) {
            String line = in.readLine();
            if (line.equals("report")) {
                written.append(count);
                if (count > 0) {
                    written.append(' ').append(sum / count).append(' ');
                    written.append(Math.sqrt(Math.max(0, squares / count - sum / count * (sum / count))));
                    int named = 0;
                    for (Served one : ranked) {
                        if (named++ == k) break;
                        written.append(' ').append(one.item());
                    }
                }
                written.append('\n');
                continue;
            }
            StringTokenizer words = new StringTokenizer(line);
            words.nextToken();
            int item = Integer.parseInt(words.nextToken());
            double score = Double.parseDouble(words.nextToken());
            count++;
            sum += score;
            squares += score * score;
            int before = times.getOrDefault(item, 0);
            if (before > 0) ranked.remove(new Served(item, before));
            ranked.add(new Served(item, before + 1));
            times.put(item, before + 1);
        }
        System.out.print(written);
    }
}
