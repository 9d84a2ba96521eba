/* The parts of the HTML report, one file each; some of them the upgrade plan (plan_html.h) has, too. They write into
 * page->markup; where a reading fails they return false with its err. What one of them learns from what streams past,
 * the first screen tells: it is written last, and put in front of them. */
#ifndef PAGE_H
#define PAGE_H

#include "arena.h"
#include "map.h"
#include "markup.h"
#include "need.h"
#include "report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_MAX_MEMBERS                                                                                               \
    200                   /* that a group, and a list by its kind, shows; of the others it says how many there are     \
                           */
#define PAGE_MAX_FIRST 5  /* steps on the first screen */
#define PAGE_MAX_KEYS 500 /* contradictory keys that are listed */
#define PAGE_DAY_MS INT64_C(86400000)
#define PAGE_TEXT_SIZE 64

/* What kind of a change it is; each is listed by itself. */
enum page_move { MOVE_ACT, MOVE_BETTER, MOVE_CAME, MOVE_WENT, MOVE_OTHER, MOVE_COUNT };

/* A key whose rows disagree. */
struct page_key {
    const char *key, *rows, *page, *date;
    size_t protections;
};

struct page_tally {
    size_t groups[NEED_ACT + 1];
    size_t moves[MOVE_COUNT];
    size_t excluded;
    size_t old_tls;                    /* instances that were read over one */
    size_t exemptions, ended;          /* in force; ended since the last report */
    size_t support_over, support_soon; /* versions */
    struct page_key keys[PAGE_MAX_KEYS];
    size_t key_count;
    bool more_keys;
};

struct page_column {
    const char *label;
    bool number; /* flush right */
};

struct page {
    const struct report *report; /* NULL in an upgrade plan, and so is the head */
    const struct query_report_head *head;
    struct markup markup;
    struct arena arena; /* as long as the page */
    struct page_tally tally;
    struct map remedies;               /* what to act on, by the step that mends it (page_begin.c) */
    const struct page_column *columns; /* of the table that is open */
    size_t column;
};

/* Starts and ends a section, which the navigation leads to. */
enum page_section {
    SECTION_FIGURES,
    SECTION_COMPLETE,
    SECTION_CHANGES,
    SECTION_ACT,
    SECTION_DECIDE,
    SECTION_LOOK,
    SECTION_EXEMPTIONS,
    SECTION_RULINGS,
    SECTION_ATTESTATIONS,
    SECTION_LIFECYCLE,
    SECTION_CONTRADICTIONS,
    SECTION_COVERAGE,
    SECTION_CONDITIONS,
    SECTION_WORDS,
    SECTION_COUNT
};
void page_section_open(struct page *page, enum page_section section);
void page_section_close(struct page *page);

/* The same with an id and a title that are not in the table; it is closed by page_section_close. */
void page_part_open(struct page *page, const char *id, const char *title);

const char *page_section_id(enum page_section section);
const char *page_section_title(enum page_section section);

/* A table: the caption, then rows of cells in the order of the columns, which end with a label of NULL. The first cell
 * of a row is its header. A cell is put at once, or opened, filled through page->markup, and closed. */
void page_table_open(struct page *page, const struct page_column *columns, const char *caption, ...)
    __attribute__((format(printf, 3, 4)));
void page_table_close(struct page *page);
void page_row_open(struct page *page);
void page_row_close(struct page *page);
void page_cell(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_cell_open(struct page *page);
void page_cell_close(struct page *page);

/* A count in a cell of its own, which is not the first one; a zero is shown faintly, and not at all where there is no
 * room. */
void page_cell_count(struct page *page, int64_t count);

/* A day, and a point in time; of 0 the word is told instead. */
void page_put_day(struct page *page, int64_t at, const char *never);
void page_put_time(struct page *page, int64_t at, const char *never);

/* The day alone, as text: for where no element may stand. */
void page_put_date(struct page *page, int64_t at);

/* How far off the end of something is, as clock_days counts: "12 days left", "ends today", "ended 40 days ago". */
void page_put_left(struct page *page, int64_t end);

/* A cell with the day of an end and how far off it is; of 0 the word is told. */
void page_cell_end(struct page *page, int64_t end, const char *none);

/* Where the step leads to what its vendor will not support for long, or not any more: that, as a paragraph. */
void page_put_step_end(struct page *page, int64_t end);

/* "3 days": the largest unit that it has two of, else of the smallest one. Returns buffer. */
const char *page_span(char buffer[PAGE_TEXT_SIZE], int64_t ms);

/* "and 1,234 more", where it is some; also: the formats that list them, "CSV or JSON". */
void page_put_more(struct page *page, size_t more, const char *what, const char *also);

/* A verdict with its class, and what a ruling says. Class and ruled may be NULL or "". */
void page_put_verdict(struct page *page, const char *verdict, const char *class, const char *ruled);

/* Whether the name of a group is that of another asset, from which its verdicts come; and which. */
bool page_is_cause(const char *name);
const char *page_cause(const char *name);

/* The head of a group: "because of NAME", or a key in words. */
void page_put_group(struct page *page, const char *head, bool of_cause);

/* Appends the key that was asked about in words: "vmware-vm VMware vSphere 6.0, backup server on physical hardware,
 * protected by mabs-v2". */
void page_key(struct str *out, const struct query_report_protection *row);

/* A sentence in which names stand; those of own (NULL: none) and of others are set apart. Nothing for NULL. */
void page_put_sentence(struct page *page, const char *sentence, const char *const *own, size_t count,
                       const struct query_texts *others);

/* Who answers for an exemption: "approved by A, entered by B". Either may be NULL or "". */
void page_put_who(struct page *page, const char *approved_by, const char *entered_by);

/* Copies of what streams past; NULL stays NULL. */
const char *page_keep(struct page *page, const char *text);

/* The parts. */
void page_open(struct page *page, const char *title, const char *version); /* all that is above the visible text */
void page_files(struct page *page, const struct query_report_file *files, size_t count);
void page_servers(struct page *page);
bool page_old_tls(struct page *page, struct err *err);
void page_begin(struct page *page);
void page_first(struct page *page); /* everything above the sections */
void page_figures(struct page *page);
bool page_complete(struct page *page, struct err *err);
bool page_changes(struct page *page, struct err *err);
bool page_findings(struct page *page, enum need need, struct err *err);
bool page_exemptions(struct page *page, struct err *err);
void page_rulings(struct page *page);
void page_attestations(struct page *page);
bool page_lifecycle(struct page *page, struct err *err);
void page_contradictions(struct page *page);
void page_footnotes(struct page *page);
bool page_coverage(struct page *page, struct err *err);
bool page_conditions(struct page *page, struct err *err);
void page_words(struct page *page);

#endif
