#include "bucket.h"

enum { TOKEN = 1000 };

void bucket_init(struct bucket *bucket, uint32_t per_second, uint32_t burst, int64_t now_ms)
{
    *bucket = (struct bucket){
        .per_second = per_second > 0 ? per_second : 1,
        .size = (int64_t)(burst > 0 ? burst : 1) * TOKEN,
        .at_ms = now_ms,
    };
    bucket->level = bucket->size;
}

/* A clock that went back brings nothing, and a pause of years no more than a full bucket. */
static void refill(struct bucket *bucket, int64_t now_ms)
{
    int64_t lacking = bucket->size - bucket->level;
    int64_t passed;

    if (__builtin_sub_overflow(now_ms, bucket->at_ms, &passed))
        passed = now_ms > bucket->at_ms ? INT64_MAX : 0;
    bucket->at_ms = now_ms;
    if (passed <= 0)
        return;
    if (passed > lacking / bucket->per_second)
        bucket->level = bucket->size;
    else
        bucket->level += passed * bucket->per_second;
}

bool bucket_take(struct bucket *bucket, int64_t now_ms, uint32_t count)
{
    refill(bucket, now_ms);
    if (bucket->level < TOKEN)
        return false;
    bucket->level -= (int64_t)count * TOKEN;
    return true;
}
