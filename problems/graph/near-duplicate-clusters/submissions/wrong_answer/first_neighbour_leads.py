def near_duplicate_clusters(n, pairs, threshold):
    """Each pin joins the cluster of the first pin that it duplicates; clusters never grow together."""
    labels = [None] * n
    for a, b, similarity in pairs:
        if similarity >= threshold:
            if labels[a] is None:
                labels[a] = a if labels[b] is None else labels[b]
            if labels[b] is None:
                labels[b] = labels[a]
    return [pin if label is None else label for pin, label in enumerate(labels)]
