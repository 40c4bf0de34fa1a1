def reservoir(stream, k, seed):
    return list(range(k))
