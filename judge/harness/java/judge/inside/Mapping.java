package judge.inside;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code Map<K, V>}, in the order in which the pairs were sent. */
final class Mapping extends Type {
    private final Type key;
    private final Type item;

    Mapping(Type key, Type item) {
        this.key = key;
        this.item = item;
    }

    @Override
    Object read(Reader from) {
        Map<Object, Object> value = new LinkedHashMap<>();
        for (int left = from.pairs(); left > 0; --left) {
            Object name = key.read(from);
            value.put(name, item.read(from));
        }
        return value;
    }
}
