/* Keeps all scores, and adds them up and looks for the most served items again for each report. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS 1000001

static double scores[100000];
static int served[ITEMS], taken[ITEMS];

static void report(int count, int k) {
    if (!count) {
        puts("0");
        return;
    }
    double sum = 0, squared = 0;
    for (int i = 0; i < count; i++) sum += scores[i];
    double mean = sum / count;
    for (int i = 0; i < count; i++) squared += (scores[i] - mean) * (scores[i] - mean);
    printf("%d %.12f %.12f", count, mean, sqrt(squared / count));
    memset(taken, 0, sizeof taken);
    for (; k; k--) {
        int best = 0;
        for (int item = 1; item < ITEMS; item++)
            if (!taken[item] && served[item] > served[best]) best = item;
        if (!best) break;
        taken[best] = 1;
        printf(" %d", best);
    }
    puts("");
}

int main(void) {
    int lines, k, count = 0;
    char word[16];
    if (scanf("%d %d", &lines, &k) != 2) return 1;
    while (lines--) {
        if (scanf("%15s", word) != 1) return 1;
        if (word[0] == 'r') {
            report(count, k);
            continue;
        }
        int item;
        if (scanf("%d %lf", &item, &scores[count]) != 2) return 1;
        count++;
        served[item]++;
    }
    return 0;
}
