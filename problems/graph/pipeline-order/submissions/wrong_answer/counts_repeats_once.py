from collections import Counter, defaultdict


def pipeline_order(stages, needs):
    missing, waiting = Counter(), defaultdict(set)
    for stage, needed in needs:
        missing[stage] += 1  # every pair counts here
        waiting[needed].add(stage)  # and different ones only here
    order = [stage for stage in stages if not missing[stage]]
    for done in order:
        for stage in waiting[done]:
            missing[stage] -= 1
            if not missing[stage]:
                order.append(stage)
    return order if len(order) == len(stages) else []
