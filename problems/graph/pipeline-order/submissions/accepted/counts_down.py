from collections import Counter, defaultdict, deque


def pipeline_order(stages: list[str], needs: list[tuple[str, str]]) -> list[str]:
    missing = Counter(stage for stage, _ in needs)
    waiting = defaultdict(list)
    for stage, needed in needs:
        waiting[needed].append(stage)
    ready = deque(stage for stage in stages if not missing[stage])
    order = []
    while ready:
        done = ready.popleft()
        order.append(done)
        for stage in waiting[done]:
            missing[stage] -= 1
            if not missing[stage]:
                ready.append(stage)
    return order if len(order) == len(stages) else []
