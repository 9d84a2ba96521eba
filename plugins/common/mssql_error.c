#include "mssql_error.h"

#include "str.h"

#include <string.h>

#define MAX_WORDS 600 /* of the driver, in a sentence that has 1,024 bytes in all */

enum when {
    AT_LOGIN = 1,
    AFTER = 2,
    ANY = AT_LOGIN | AFTER,
};

/* SQL Server's numbers (sys.messages, "Database engine events and errors"). */
/* clang-format off */
static const struct number {
    int number;
    enum when when;
    enum err_class class;
    bool right;
    const char *remedy;
} numbers[] = {
    { 18456, AT_LOGIN, ERR_DENIED, false, "check username and password, and that the login exists; the server's error "
      "log has the state that tells which" },
    { 18452, AT_LOGIN, ERR_DENIED, false, "the account is of a domain that the server does not trust, or the instance "
      "takes no logins of Windows, or none of its own" },
    { 18470, AT_LOGIN, ERR_DENIED, false, "the login is disabled: ALTER LOGIN ... ENABLE" },
    { 18486, AT_LOGIN, ERR_DENIED, false, "the login is locked: ALTER LOGIN ... WITH PASSWORD = ... UNLOCK" },
    { 18487, AT_LOGIN, ERR_DENIED, false, "its password has expired: give the login a new one" },
    { 18488, AT_LOGIN, ERR_DENIED, false, "its password must be changed first: give the login a new one" },
    { 17892, AT_LOGIN, ERR_DENIED, false, "a logon trigger refuses it: look at sys.server_triggers" },
    { 4060, ANY, ERR_UNSUPPORTED, false, "see that the database is there and online, and that the login is a user of "
      "it" },
    { 4063, ANY, ERR_UNSUPPORTED, false, "see that the database is there and online, and that the login is a user of "
      "it" },
    { 4064, ANY, ERR_UNSUPPORTED, false, "the login's default database can not be opened: ALTER LOGIN ... WITH "
      "DEFAULT_DATABASE = master" },
    { 916, AT_LOGIN, ERR_UNSUPPORTED, false, "make the login a user of the database" },
    { 18461, AT_LOGIN, ERR_UNREACHABLE, false, "the instance is in single-user mode" },
    { 18451, AT_LOGIN, ERR_UNREACHABLE, false, "the instance takes administrators only for now" },
    { 18401, AT_LOGIN, ERR_UNREACHABLE, false, "the instance is upgrading itself" },
    { 17142, AT_LOGIN, ERR_UNREACHABLE, false, "the instance is paused" },
    { 17148, AT_LOGIN, ERR_UNREACHABLE, false, "the instance is stopping" },
    { 6005, ANY, ERR_UNREACHABLE, false, "the instance is stopping" },
    { 17809, AT_LOGIN, ERR_UNREACHABLE, false, "the instance has as many connections as it allows" },
    { 40615, AT_LOGIN, ERR_UNREACHABLE, false, "the server's firewall rules do not let this machine in" },
    { 229, AFTER, ERR_UNSUPPORTED, true, "" },
    { 230, AFTER, ERR_UNSUPPORTED, true, "" },
    { 262, AFTER, ERR_UNSUPPORTED, true, "" },
    { 297, AFTER, ERR_UNSUPPORTED, true, "" },
    { 300, AFTER, ERR_UNSUPPORTED, true, "" },
    { 371, AFTER, ERR_UNSUPPORTED, true, "" },
    { 916, AFTER, ERR_UNSUPPORTED, true, "" },
    { 8189, AFTER, ERR_UNSUPPORTED, true, "" },
    { 15247, AFTER, ERR_UNSUPPORTED, true, "" },
    { 207, AFTER, ERR_UNSUPPORTED, false, "" },
    { 208, AFTER, ERR_UNSUPPORTED, false, "" },
    { 911, AFTER, ERR_UNSUPPORTED, false, "" },
    { 2812, AFTER, ERR_UNSUPPORTED, false, "" },
    { 4121, AFTER, ERR_UNSUPPORTED, false, "" },
};

/* ODBC's SQLSTATEs, where no number of the server's is known. */
static const struct state {
    const char *state;
    enum err_class class;
    bool over;
    const char *remedy;
} states[] = {
    { "IM002", ERR_CONFIG, true, "see that the option driver is a name in odbcinst.ini (odbcinst -q -d)" },
    { "IM003", ERR_CONFIG, true, "see that the option driver is a name in odbcinst.ini (odbcinst -q -d)" },
    { "01000", ERR_CONFIG, true, "see that the driver's library is installed (tdsodbc)" },
    { "IM004", ERR_CONFIG, true, "see that the driver's library is installed (tdsodbc)" },
    { "28000", ERR_DENIED, true, "check username and password" },
    { "HYT00", ERR_TIMEOUT, true, "" },
    { "HYT01", ERR_TIMEOUT, true, "" },
    { "08001", ERR_PROTOCOL, true, "" },
    { "08003", ERR_UNREACHABLE, true, "" },
    { "08004", ERR_PROTOCOL, true, "" },
    { "08007", ERR_UNREACHABLE, true, "" },
    { "08S01", ERR_UNREACHABLE, true, "" },
};
/* clang-format on */

static const struct number *number_of(const struct odbc_words *words, enum when when)
{
    for (size_t i = 0; i < words->count; i++) {
        for (size_t j = 0; j < sizeof numbers / sizeof numbers[0]; j++) {
            if (numbers[j].number == words->records[i].number && (numbers[j].when & when) != 0)
                return &numbers[j];
        }
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
    return words->records[index].text[0] == '\0';
}

/* Every record's words, but each only once: driver and manager repeat each other. */
static void gather(const struct odbc_words *words, struct str *out)
{
    for (size_t i = 0; i < words->count && out->length < MAX_WORDS; i++) {
        const struct odbc_record *record = &words->records[i];

        if (is_told(words, i))
            continue;
        str_format(out, "%s%.*s", out->length > 0 ? "; " : "", (int)(MAX_WORDS - out->length), record->text);
        if (record->number != 0)
            str_format(out, " (%d)", record->number);
    }
    if (out->length == 0)
        str_add(out, "the driver does not say why");
}

static int first_number(const struct odbc_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        if (words->records[i].number != 0)
            return words->records[i].number;
    }
    return 0;
}

bool mssql_error(const struct odbc_words *words, bool login, struct mssql_meaning *meaning, struct err *err)
{
    const struct number *number = number_of(words, login ? AT_LOGIN : AFTER);
    const struct state *state = number == NULL ? state_of(words) : NULL;
    enum err_class class = number != NULL ? number->class : state != NULL ? state->class : ERR_PROTOCOL;
    const char *remedy = number != NULL ? number->remedy : state != NULL ? state->remedy : "";
    struct str text = STR_EMPTY;

    *meaning = (struct mssql_meaning){
        .number = number != NULL ? number->number : first_number(words),
        .right = number != NULL && number->right,
        .over = state != NULL && state->over,
    };
    if (class == ERR_DENIED && !login)
        class = ERR_PROTOCOL;
    gather(words, &text);
    err_set(err, class, "%s%s%s", str_text(&text), remedy[0] != '\0' ? "; " : "", remedy);
    str_finish(&text);
    return false;
}
