/* What verdicts rest on. */
#include "judging.h"

#include "hash.h"

/* Another version of the daemon may judge otherwise. */
struct basis basis_make(const struct matrix *matrix, const struct estate *estate)
{
    struct {
        struct hash128 matrix, estate;
        char version[32];
    } all = { matrix->hash, estate->hash, MUSTER_VERSION };

    return (struct basis){ matrix, estate, hash128(&hash_stable_key, &all, sizeof all) };
}
