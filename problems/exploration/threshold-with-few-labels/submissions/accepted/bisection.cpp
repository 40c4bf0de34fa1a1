#include <iostream>

int main() {
    int items, labels;
    std::cin >> items >> labels;
    int low = 0, high = items;  // the number of bad items is one of these or between
    while (low < high) {
        int middle = (low + high) / 2, good;
        std::cout << "? " << middle << std::endl;
        std::cin >> good;
        (good ? high : low) = good ? middle : middle + 1;
    }
    std::cout << "! " << low << std::endl;
}
