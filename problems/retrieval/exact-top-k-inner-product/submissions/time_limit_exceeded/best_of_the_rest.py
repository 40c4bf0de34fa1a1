def top_k_inner_product(queries, corpus, k):
    answer = []
    for scores in (queries @ corpus.T).tolist():
        rest, chosen = list(range(len(scores))), []
        while rest and len(chosen) < k:
            chosen.append(max(rest, key=scores.__getitem__))  # O(n) for each place
            rest.remove(chosen[-1])
        answer.append(chosen)
    return answer
