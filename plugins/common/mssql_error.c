#include "mssql_error.h"

#include "str.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define MAX_WORDS 600 /* of the driver, in a sentence that has 1,024 bytes in all */

enum {
    AT_LOGIN = 1, /* it has that meaning during a login, */
    AFTER = 2,    /* and afterwards */
    ANY = AT_LOGIN | AFTER,
    RIGHT = 4, /* a right lacks */
    OVER = 8,  /* the session is over */
};

/* The first that is there decides: what 18456 alone says of a login, others say better of a database that it asks for.
 * SQL Server's numbers (sys.messages, "Database engine events and errors"), and FreeTDS's own for what happens to the
 * connection (sybdb.h: SYBETIME and its kin, 20000 and more). */
/* clang-format off */
static const struct number {
    int number;
    unsigned flags;
    enum err_class class;
    const char *remedy;
} numbers[] = {
    { 18452, AT_LOGIN, ERR_DENIED, "the account is of a domain that the server does not trust, or the instance takes "
      "no logins of Windows" },
    { 18470, AT_LOGIN, ERR_DENIED, "the login is disabled: ALTER LOGIN ... ENABLE" },
    { 18486, AT_LOGIN, ERR_DENIED, "the login is locked: ALTER LOGIN ... WITH PASSWORD = ... UNLOCK" },
    { 18487, AT_LOGIN, ERR_DENIED, "its password has expired: give the login a new one" },
    { 18488, AT_LOGIN, ERR_DENIED, "its password must be changed first: give the login a new one" },
    { 17892, AT_LOGIN, ERR_DENIED, "a logon trigger refuses it: look at sys.server_triggers" },
    { 4060, ANY, ERR_UNSUPPORTED, "see that the database is there and online, and that the login is a user of it" },
    { 4063, ANY, ERR_UNSUPPORTED, "see that the database is there and online, and that the login is a user of it" },
    { 4064, ANY, ERR_UNSUPPORTED, "the login's default database can not be opened: ALTER LOGIN ... WITH "
      "DEFAULT_DATABASE = master" },
    { 916, AT_LOGIN, ERR_UNSUPPORTED, "make the login a user of the database" },
    { 18461, AT_LOGIN, ERR_UNREACHABLE, "the instance is in single-user mode" },
    { 18451, AT_LOGIN, ERR_UNREACHABLE, "the instance takes administrators only for now" },
    { 18401, AT_LOGIN, ERR_UNREACHABLE, "the instance is upgrading itself" },
    { 17142, AT_LOGIN, ERR_UNREACHABLE, "the instance is paused" },
    { 17148, AT_LOGIN, ERR_UNREACHABLE, "the instance is stopping" },
    { 17809, AT_LOGIN, ERR_UNREACHABLE, "the instance has as many connections as it allows" },
    { 40615, AT_LOGIN, ERR_UNREACHABLE, "the server's firewall rules do not let this machine in" },
    { 18456, AT_LOGIN, ERR_DENIED, "check username and password, and that the login exists; the server's error log has "
      "the state that tells which" },
    { 6005, ANY | OVER, ERR_UNREACHABLE, "the instance is stopping" },
    { 596, ANY | OVER, ERR_UNREACHABLE, "somebody ended the session" },
    { 229, AFTER | RIGHT, ERR_UNSUPPORTED, "" },
    { 230, AFTER | RIGHT, ERR_UNSUPPORTED, "" },
    { 262, AFTER | RIGHT, ERR_UNSUPPORTED, "" },
    { 297, AFTER | RIGHT, ERR_UNSUPPORTED, "" },
    { 300, AFTER | RIGHT, ERR_UNSUPPORTED, "" },
    { 371, AFTER | RIGHT, ERR_UNSUPPORTED, "" },
    { 916, AFTER | RIGHT, ERR_UNSUPPORTED, "" },
    { 8189, AFTER | RIGHT, ERR_UNSUPPORTED, "" },
    { 15247, AFTER | RIGHT, ERR_UNSUPPORTED, "" },
    { 207, AFTER, ERR_UNSUPPORTED, "" },
    { 208, AFTER, ERR_UNSUPPORTED, "" },
    { 911, AFTER, ERR_UNSUPPORTED, "" },
    { 2812, AFTER, ERR_UNSUPPORTED, "" },
    { 4121, AFTER, ERR_UNSUPPORTED, "" },
    { 20002, AT_LOGIN, ERR_PROTOCOL, "it ended the connection, or what it showed is not the certificate that was "
      "looked at before, or that is not in date" },
    { 20214, AT_LOGIN, ERR_UNSUPPORTED, "the driver can not do what it was told: for TDS 8.0 (strict encryption) it "
      "must be FreeTDS 1.5 or Microsoft's (option driver)" },
    { 20003, ANY | OVER, ERR_TIMEOUT, "" },
    { 20004, ANY | OVER, ERR_UNREACHABLE, "" },
    { 20006, ANY | OVER, ERR_UNREACHABLE, "" },
    { 20009, ANY | OVER, ERR_UNREACHABLE, "" },
    { 20017, ANY | OVER, ERR_UNREACHABLE, "" },
    { 20020, ANY | OVER, ERR_PROTOCOL, "" },
    { 20047, ANY | OVER, ERR_UNREACHABLE, "" },
};

static const struct number refused = { 0, AT_LOGIN, ERR_DENIED, "check username and password" };

/* ODBC's SQLSTATEs, where no number is known. */
static const struct state {
    const char *state;
    enum err_class class;
    const char *remedy;
} states[] = {
    { "IM002", ERR_CONFIG, "see that the option driver is a name in odbcinst.ini (odbcinst -q -d); that of "
      "FreeTDS comes with the package tdsodbc" },
    { "IM003", ERR_CONFIG, "see that the option driver is a name in odbcinst.ini (odbcinst -q -d); that of "
      "FreeTDS comes with the package tdsodbc" },
    { "IM004", ERR_CONFIG, "see that the driver's library is installed (tdsodbc)" },
    { "01000", ERR_CONFIG, "see that the driver's library is installed (tdsodbc)" },
    { "28000", ERR_DENIED, "check username and password" },
    { "HYT00", ERR_TIMEOUT, "" },
    { "HYT01", ERR_TIMEOUT, "" },
    { "08001", ERR_UNREACHABLE, "" },
    { "08003", ERR_UNREACHABLE, "" },
    { "08007", ERR_UNREACHABLE, "" },
    { "08S01", ERR_UNREACHABLE, "" },
};
/* clang-format on */

/* "Changed database context to ...", and the language: each login brings them. */
static bool is_news(const struct odbc_record *record)
{
    return record->number == 5701 || record->number == 5703;
}

static bool is_drivers_own(int number)
{
    return number >= 20000 && number < 20300;
}

/* Of logins that fail (18450 to 18499). One that nobody here has thought of has cost an attempt, too. */
static bool is_refusal(int number)
{
    return number >= 18450 && number <= 18499;
}

static const struct number *number_of(const struct odbc_words *words, unsigned when)
{
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        for (size_t j = 0; j < words->count; j++) {
            if (numbers[i].number == words->records[j].number && (numbers[i].flags & when) != 0)
                return &numbers[i];
        }
    }
    for (size_t j = 0; when == AT_LOGIN && j < words->count; j++) {
        if (is_refusal(words->records[j].number))
            return &refused;
    }
    return NULL;
}

static const struct state *state_of(const struct odbc_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        for (size_t j = 0; j < sizeof states / sizeof states[0]; j++) {
            if (strcmp(states[j].state, words->records[i].state) == 0)
                return &states[j];
        }
    }
    return NULL;
}

static bool is_told(const struct odbc_words *words, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(words->records[i].text, words->records[index].text) == 0)
            return true;
    }
    return words->records[index].text[0] == '\0' || is_news(&words->records[index]);
}

static void add_words(struct str *out, const struct odbc_record *record)
{
    char text[ODBC_MAX_TEXT];

    snprintf(text, sizeof text, "%.*s", (int)(MAX_WORDS - out->length), record->text);
    utf8_trim(text);
    str_format(out, "%s%s", out->length > 0 ? "; " : "", text);
    if (record->number != 0)
        str_format(out, " (%d)", record->number);
}

/* Every record's words, but each only once: driver and manager repeat each other. */
static void gather(const struct odbc_words *words, struct str *out)
{
    for (size_t i = 0; i < words->count && out->length < MAX_WORDS; i++) {
        if (!is_told(words, i))
            add_words(out, &words->records[i]);
    }
    if (out->length == 0)
        str_add(out, "the driver does not say why");
}

static int number_of_server(const struct odbc_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        int number = words->records[i].number;

        if (number != 0 && !is_drivers_own(number) && !is_news(&words->records[i]))
            return number;
    }
    return 0;
}

/* Of connections states tell (class 08); a session without one is over, too. */
static bool is_over(const struct number *number, const struct state *state)
{
    return number != NULL ? (number->flags & OVER) != 0 : state != NULL;
}

bool mssql_error(const struct odbc_words *words, bool login, struct mssql_meaning *meaning, struct err *err)
{
    const struct number *number = number_of(words, login ? AT_LOGIN : AFTER);
    const struct state *state = number == NULL ? state_of(words) : NULL;
    enum err_class class = number != NULL ? number->class : state != NULL ? state->class : ERR_PROTOCOL;
    const char *remedy = number != NULL ? number->remedy : state != NULL ? state->remedy : "";
    struct str text = STR_EMPTY;

    *meaning = (struct mssql_meaning){
        .number = number_of_server(words),
        .right = number != NULL && (number->flags & RIGHT) != 0,
        .over = is_over(number, state),
    };
    if (class == ERR_DENIED && !login)
        class = ERR_PROTOCOL;
    gather(words, &text);
    err_set(err, class, "%s%s%s", str_text(&text), remedy[0] != '\0' ? "; " : "", remedy);
    str_finish(&text);
    return false;
}
