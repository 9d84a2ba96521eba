/* Looking at a far end (far_end.h) by sql_scout, in cmocka tests. */
#ifndef SCOUTING_H
#define SCOUTING_H

#include "far_end.h"
#include "sql_scout.h"

#define SCOUTING_LONG_MS 60000 /* for what comes */
#define SCOUTING_SHORT_MS 300  /* for what does not */

/* What is looked at, with what, and what came of it. */
struct scouting {
    struct far_end *far;
    struct sql_scout_settings settings;
    struct sql_scout scout;
    struct err err;
    struct far_certificate certificate;                           /* of all ports */
    unsigned char build_2008[64], build_2012[64], build_2019[64]; /* replies to PRELOGIN: 10.0.6000 and encryption off,
                                                                     11.0.7001 the same, 15.0.2000 and required */
    size_t prelogin_size;                                         /* of each */
};

extern struct scouting scouting;

/* For main: the exit status where the ports of SQL Server cannot be bound, 0 where they can; then the tests; the end.
 */
int scouting_begin(void);
void scouting_end(void);

/* Of each test: a far end where nothing is, and patience. */
int scouting_set_up(void **state);
int scouting_tear_down(void **state);

#define SCOUTING_TEST(name) cmocka_unit_test_setup_teardown(name, scouting_set_up, scouting_tear_down)

/* A port (0: any) of that manner; or one that answers PRELOGIN. Its number. */
int listens(int port, enum far_manner manner, const void *bytes, size_t size);
int answers(int port, const unsigned char *reply);

/* Adds an instance to what the browser will say (port 0: named pipes alone), any text; then it says so. */
void name(const char *instance, int port);
void name_as(const char *text);
void browse(void);
void browse_with(struct far_browser browser);

/* Looks, and finds something; or nothing, for this reason. */
void look(void);
void look_in_vain(enum err_class class, const char *why);

const struct sql_scout_instance *at_port(int port);
void assert_seen(int port, const char *instance, const char *build);
void assert_unseen(int port, enum err_class class, const char *why);

#endif
