import heapq


def top_k_inner_product(queries, corpus, k):
    items, answer = corpus.tolist(), []
    for query in queries.tolist():
        scored = ((sum(x * y for x, y in zip(query, item)), j) for j, item in enumerate(items))
        answer.append([j for _, j in heapq.nlargest(k, scored)])
    return answer
