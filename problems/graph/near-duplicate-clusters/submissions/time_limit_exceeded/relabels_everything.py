def near_duplicate_clusters(n, pairs, threshold):
    labels = list(range(n))
    for a, b, similarity in pairs:
        if similarity >= threshold and labels[a] != labels[b]:
            old, new = labels[a], labels[b]
            labels = [new if label == old else label for label in labels]  # all n of them, for each pair
    return labels
