// Follows the way back from the target without asking whether there is one: SIGSEGV when there is none.
#include <bits/stdc++.h>
using namespace std;
using Id = __int128;

struct Step {
    Id user, board;
    Step* previous;
};

vector<Id> hops_through_boards(const vector<pair<Id, Id>>& memberships, Id source, Id target) {
    map<Id, vector<Id>> boards_of, members_of;
    for (const auto& [user, board] : memberships) {
        boards_of[user].push_back(board);
        members_of[board].push_back(user);
    }
    map<Id, Step*> reached{{source, new Step{source, 0, nullptr}}};
    set<Id> entered;
    for (deque<Id> queue{source}; !queue.empty(); queue.pop_front())
        for (Id board : boards_of[queue.front()])
            if (entered.insert(board).second)
                for (Id other : members_of[board])
                    if (!reached.count(other)) {
                        reached[other] = new Step{other, board, reached[queue.front()]};
                        queue.push_back(other);
                    }
    vector<Id> chain;
    Step* step = reached[target];
    for (; step->previous != nullptr; step = step->previous) {
        chain.push_back(step->user);
        chain.push_back(step->board);
    }
    chain.push_back(step->user);
    reverse(chain.begin(), chain.end());
    return chain;
}
