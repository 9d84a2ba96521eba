/* Plugins that want more memory than an order gives. A sanitizer's shadow memory fits into no limit, so that builds
 * with one set none. */
#include "trial.h"

#include <stdio.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#define SKIPPED 77 /* as tests/host/CMakeLists.txt tells ctest */

static const struct trial trials[] = {
    { "what_muster_alloc_cannot_have_ends_the_scan", "leak", .order = { .memory_mb = 64 }, .class = ERR_BUG,
      .words = { "died of signal 6", "its last words: out of memory" } },
    { "what_malloc_cannot_have_is_refused", "hog", .order = { .memory_mb = 64 }, .class = ERR_UNSUPPORTED,
      .words = { "memory was at its end after" } },
    { "the_usual_limit_is_a_limit_too", "hog", .class = ERR_UNSUPPORTED, .words = { "memory was at its end after 2" } },
};

int main(void)
{
#ifdef SANITIZED
    printf("skipped: a sanitizer does not go with a limit on address space\n");
    return SKIPPED;
#endif
    return trials_run("memory", trials, sizeof trials / sizeof trials[0]);
}
