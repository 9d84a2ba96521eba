/* The judge: verdicts for an asset, and for a key of the matrix. Pure: matrix, estate, facts and the time go in.
 *
 *     struct judge *judge = judge_create(&setting);
 *     size_t count;
 *     const struct verdict *verdicts = judge_thing(judge, thing, &count);
 *     ... use them ...
 *     judge_reset(judge);          // their memory is given back; before the world changes
 *     judge_destroy(judge);
 *
 * A session remembers what it worked out (classifications, the legs of a host that a thousand machines share), so that
 * a verdict costs about a microsecond. One thread at a time.
 *
 * The order of deciding within one key: the fact that selects the row is missing and its candidates get different words
 * (unknown); no row (unlisted with its class, or unsupported where the edition says so); rows disagree after their
 * conditions (contradictory); a no, or every yes known unmet (unsupported); a condition lacks its fact (conditional);
 * deprecated; supported. An edition whose prose is encoded partly gives nothing better than conditional, and neither do
 * rows that mean the backup server's place, where nothing says that and there are places that none of them names; a no
 * of theirs stays one, though it may be unlisted there: the leg's missing says so. Legs combine worst first. Whatever a
 * missing fact will say, the verdict of all facts is never excluded by one with fewer. */
#ifndef JUDGE_H
#define JUDGE_H

#include "arena.h"
#include "classify.h"
#include "estate.h"
#include "matrix.h"
#include "verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All constant while the session lasts; world may be NULL where there are no related things. */
struct judge_setting {
    const struct matrix *matrix;
    const struct estate *estate;
    struct world *world;
    int64_t now;        /* wall ms: rulings, attestations, ends of support */
    bool without_steps; /* verdicts have no step forward until judge_steps */
};

struct judge;

struct judge *judge_create(const struct judge_setting *setting);
void judge_destroy(struct judge *judge); /* NULL is allowed */

/* Gives back all that was returned, and forgets all things: what depends on the matrix alone is kept. now: from here
 * on. */
void judge_reset(struct judge *judge, int64_t now);

/* All protections of an asset: for each backup server that is its, and each method that there is for it. None for what
 * is no workload (a volume, a datastore), and where there is no backup server at all. They live until judge_reset, and
 * the thing must live as long: they lead to it.
 *
 *     machine, hyperv_host       agent (its operating system), host (of the Hyper-V role)
 *     vm                         agent, unless it is certain to be a Linux; image (its hosts, the Linux row, its disks)
 *     sql_instance, database     application; system databases and database snapshots have none
 *     exchange_server, mailbox_database, sharepoint_farm    application
 *
 * What counts: the method that DPMDB shows (a `protected` thing that protects this); else a rule's `by`; else any: of
 * agent and image the best one. host and application count by themselves, unless a rule says none. Of an instance or
 * an Exchange server whose (mailbox) databases are asked about, `by` is "parts": these are what may be protected. */
const struct verdict *judge_thing(struct judge *judge, const struct thing *thing, size_t *count);

/* Finds the steps forward of a thing's verdicts, all that judge_thing gave, where the session leaves them out: most
 * verdicts are only counted, and a step costs as much as several verdicts. */
void judge_steps(struct judge *judge, const struct verdict *verdicts, size_t count);

/* A key by itself, as `matrix lookup` asks it: all facts of the workload are missing. version and installation are
 * words of the tables; workload, product too. */
struct judge_key {
    const char *product, *workload, *version, *installation;
};
const struct verdict *judge_key(struct judge *judge, const struct judge_key *key);

/* The same things under another backup product for all servers (what-if); NULL: as configured. Which update a server
 * has, and what scans saw of its product, is not held against a product that is not its own. What was returned so far
 * stays. */
void judge_assume_product(struct judge *judge, const struct product *product);

/* For condition.c, classify.c, step.c: the parts of a session. */
struct classify_memo;  /* classify_memo.h */
struct condition_memo; /* condition_memo.h */
struct arena *judge_arena(struct judge *judge);
struct step_memo *judge_step_memo(struct judge *judge);
struct classify_memo *judge_classify_memo(struct judge *judge);
struct condition_memo *judge_condition_memo(struct judge *judge); /* NULL: nothing may be remembered now */
const struct judge_setting *judge_setting(const struct judge *judge);

/* The backup server that is being judged for, as a thing: what the configuration says, and what scans know of it. NULL
 * outside of a verdict. */
const struct thing *judge_server(const struct judge *judge);

/* Of what version a thing is taken to be while a step is tried (judge_suppose.h); NULL: of its own. */
const struct classification *judge_supposed(struct judge *judge, const struct thing *thing, enum product_group group);

/* Where a thing is installed, as candidates (never none: all words where nothing is known). */
const char *const *judge_installations(struct judge *judge, const struct thing *thing, size_t *count);

#endif
