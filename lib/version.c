#include "version.h"

#include <stdbool.h>
#include <string.h>

/* What a part of a version is, in ascending order. */
enum rank {
    SKIPPED,
    DEV,
    ALPHA,
    BETA,
    PREVIEW,
    CANDIDATE,
    END,
    BUILD,
    WORD,
    UPDATE,
    PACK,
    RELEASE,
    NUMBER,
    SUBSCRIPTION,
};

struct part {
    enum rank rank;
    const char *text; /* a number's digits without leading zeros, or a word's letters */
    size_t length;
};

struct reader {
    const char *at;
    bool started;
    enum rank last;    /* the rank of the part read last */
    struct part ahead; /* what comes after the zeros, where there are any */
    size_t zeros;      /* numbers that are 0 and count, because a number follows */
};

static const struct known {
    const char *word;
    enum rank rank;
} words[] = {
    { "rtm", SKIPPED },
    { "ga", SKIPPED },
    { "version", SKIPPED },
    { "ver", SKIPPED },
    { "dev", DEV },
    { "alpha", ALPHA },
    { "beta", BETA },
    { "preview", PREVIEW },
    { "pre", PREVIEW },
    { "ctp", PREVIEW },
    { "rc", CANDIDATE },
    { "build", BUILD },
    { "u", UPDATE },
    { "update", UPDATE },
    { "cu", UPDATE },
    { "ur", UPDATE },
    { "ru", UPDATE },
    { "cumulative", UPDATE },
    { "rollup", UPDATE },
    { "sp", PACK },
    { "service", PACK },
    { "pack", PACK },
    { "r", RELEASE },
    { "release", RELEASE },
    { "subscription", SUBSCRIPTION },
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static unsigned char fold(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_letter(char c)
{
    return (unsigned char)c >= 0x80 || (fold(c) >= 'a' && fold(c) <= 'z');
}

static int compare_size(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_words(const struct part *a, const struct part *b)
{
    for (size_t i = 0; i < a->length && i < b->length; i++) {
        int difference = fold(a->text[i]) - fold(b->text[i]);

        if (difference != 0)
            return difference;
    }
    return compare_size(a->length, b->length);
}

static enum rank rank_of(const struct part *word)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct part known = { .text = words[i].word, .length = strlen(words[i].word) };

        if (compare_words(word, &known) == 0)
            return words[i].rank;
    }
    return WORD;
}

static struct part read_number(struct reader *reader)
{
    struct part part = { .rank = NUMBER };

    while (*reader->at == '0')
        reader->at++;
    part.text = reader->at;
    while (is_digit(*reader->at))
        reader->at++;
    part.length = (size_t)(reader->at - part.text);
    return part;
}

static struct part read_word(struct reader *reader)
{
    struct part part = { .text = reader->at };

    while (is_letter(*reader->at))
        reader->at++;
    part.length = (size_t)(reader->at - part.text);
    part.rank = rank_of(&part);
    if (!reader->started && part.length == 1 && fold(*part.text) == 'v' && is_digit(*reader->at))
        part.rank = SKIPPED;
    return part;
}

/* The next part as it is written; SKIPPED for what is none. */
static struct part read_any(struct reader *reader)
{
    char c = *reader->at;

    if (c == '\0')
        return (struct part){ .rank = END };
    if (is_digit(c))
        return read_number(reader);
    if (is_letter(c))
        return read_word(reader);
    reader->at++;
    return (struct part){ .rank = (c == '(' || c == '[') && is_digit(*reader->at) ? BUILD : SKIPPED };
}

/* The next part that counts. Words that mean the same, one behind the other, are one. */
static struct part read_part(struct reader *reader)
{
    struct part part;
    bool repeated;

    do {
        part = read_any(reader);
        repeated = part.rank == reader->last && part.rank != WORD && part.rank != NUMBER && part.rank != END;
    } while (part.rank == SKIPPED || repeated);
    reader->started = true;
    reader->last = part.rank;
    return part;
}

/* As read_part, without the zeros that no other number follows. */
static struct part next(struct reader *reader)
{
    if (reader->zeros == 0 && reader->ahead.rank == SKIPPED) {
        reader->ahead = read_part(reader);
        for (; reader->ahead.rank == NUMBER && reader->ahead.length == 0; reader->ahead = read_part(reader))
            reader->zeros++;
        if (reader->ahead.rank != NUMBER)
            reader->zeros = 0;
    }
    if (reader->zeros > 0) {
        reader->zeros--;
        return (struct part){ .rank = NUMBER };
    }
    struct part part = reader->ahead;
    reader->ahead = (struct part){ .rank = SKIPPED };
    return part;
}

static int compare_numbers(const struct part *a, const struct part *b)
{
    if (a->length != b->length || a->length == 0)
        return compare_size(a->length, b->length);
    return memcmp(a->text, b->text, a->length);
}

static int compare_parts(const struct part *a, const struct part *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->rank == NUMBER)
        return compare_numbers(a, b);
    return a->rank == WORD ? compare_words(a, b) : 0;
}

int version_compare(const char *a, const char *b)
{
    struct reader left = { .at = a };
    struct reader right = { .at = b };

    for (;;) {
        struct part one = next(&left);
        struct part other = next(&right);
        int order = compare_parts(&one, &other);

        if (order != 0 || one.rank == END)
            return order;
    }
}

static int64_t value(const struct part *number)
{
    int64_t sum = 0;

    for (size_t i = 0; i < number->length; i++) {
        if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, number->text[i] - '0', &sum))
            return -1;
    }
    return sum;
}

int64_t version_number(const char *text, size_t index)
{
    struct reader reader = { .at = text };

    for (;;) {
        struct part part = read_part(&reader);

        if (part.rank == END)
            return -1;
        if (part.rank == NUMBER && index-- == 0)
            return value(&part);
    }
}
