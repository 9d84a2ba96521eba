/* So many a second on average, and so many at once after a pause. Pure: the caller brings the time.
 *
 *     struct bucket bucket;
 *     bucket_init(&bucket, 50, 200, now_ms);
 *     if (bucket_take(&bucket, now_ms, 1))
 *         do_it(); */
#ifndef BUCKET_H
#define BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket {
    int64_t per_second;
    int64_t size;  /* thousandths, as what is in it: so many come in a millisecond as tokens in a second */
    int64_t level; /* below zero is a debt */
    int64_t at_ms;
};

/* A full bucket. per_second and burst: 0 counts as 1. The time is milliseconds of the monotonic clock. */
void bucket_init(struct bucket *bucket, uint32_t per_second, uint32_t burst, int64_t now_ms);

/* Takes count tokens if there is at least one; what was not there is a debt, so that a large count waits no longer
 * than a small one, and those after it do. False: there was none, and nothing was taken. */
bool bucket_take(struct bucket *bucket, int64_t now_ms, uint32_t count);

#endif
