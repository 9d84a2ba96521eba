/* A key of the matrix in words, so that each part says what it is of: the installation may be the workload's place or
 * the backup server's. */
#include "page.h"
#include "products.h"

#include <string.h>

#define OR " or "

static const char *phrase_of(const char *word, size_t length)
{
    for (size_t i = 0; installation_words[i] != NULL; i++) {
        if (strlen(installation_words[i]) == length && strncmp(installation_words[i], word, length) == 0)
            return installation_phrases[i];
    }
    return NULL;
}

/* Candidates are joined by " or "; what is no word of ours is told as it stands. */
static void add_places(struct str *out, const char *installation)
{
    for (const char *word = installation; *word != '\0';) {
        const char *end = strstr(word, OR);
        size_t length = end == NULL ? strlen(word) : (size_t)(end - word);
        const char *phrase = phrase_of(word, length);

        if (phrase != NULL)
            str_add(out, phrase);
        else
            str_add_bytes(out, word, length);
        if (end != NULL)
            str_add(out, OR);
        word += length + (end == NULL ? 0 : strlen(OR));
    }
}

void page_key(struct str *out, const struct query_report_protection *row)
{
    const struct query_protection *key = &row->protection;
    bool of_server = row->installation_of != NULL && strcmp(row->installation_of, "backup-server") == 0;

    str_add(out, key->workload);
    if (key->version == NULL || key->version[0] == '\0')
        str_add(out, " of a version that is not known");
    else
        str_format(out, " %s", key->version);
    str_add(out, of_server ? ", backup server " : ", running ");
    if (key->installation == NULL || key->installation[0] == '\0')
        str_add(out, "at a place that is not known");
    else
        add_places(out, key->installation);
    if (key->product == NULL || key->product[0] == '\0')
        str_add(out, ", product not known");
    else
        str_format(out, ", protected by %s", key->product);
}
