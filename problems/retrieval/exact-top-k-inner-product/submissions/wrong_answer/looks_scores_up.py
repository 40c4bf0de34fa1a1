import numpy as np


def top_k_inner_product(queries, corpus, k):
    answer = []
    for row in np.einsum("qd,nd->qn", queries, corpus).tolist():
        first = {}
        for j, score in enumerate(row):
            first.setdefault(score, j)
        answer.append([first[score] for score in sorted(row, reverse=True)[:k]])  # the same item for equal scores
    return answer
