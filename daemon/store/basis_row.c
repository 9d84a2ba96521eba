#include "basis_row.h"

#include "json.h"

#include <inttypes.h>
#include <string.h>

static void add_member(struct str *out, const char *name, const char *text)
{
    json_add_name(out, name);
    if (text == NULL)
        str_add(out, "null");
    else
        json_add_text(out, text);
}

static void add_comma(struct str *out)
{
    str_add(out, out->bytes[out->length - 1] == '[' ? "" : ",");
}

/* ------------------------------------------------------------------------------------------------------- files ---- */

static void add_file(struct str *out, const struct matrix_file *file, const struct edition *edition)
{
    add_comma(out);
    str_add_char(out, '{');
    add_member(out, "file", file->file);
    add_member(out, "edition", edition == NULL ? NULL : edition->name);
    add_member(out, "date", edition == NULL ? file->date : edition->date);
    str_format(out, ",\"hash\":\"%016" PRIx64 "%016" PRIx64 "\"", file->hash.high, file->hash.low);
    add_member(out, "sha256", file->sha256);
    add_member(out, "page", edition == NULL ? NULL : edition->page);
    str_add_char(out, '}');
}

static bool has_edition(const struct matrix *matrix, const char *file)
{
    for (size_t i = 0; i < matrix->edition_count; i++) {
        if (matrix->editions[i].file != NULL && strcmp(matrix->editions[i].file, file) == 0)
            return true;
    }
    return false;
}

void basis_row_files(struct str *out, const struct matrix *matrix)
{
    str_add_char(out, '[');
    for (size_t i = 0; i < matrix->edition_count; i++) {
        const struct edition *edition = &matrix->editions[i];

        const struct matrix_file file = { .file = edition->file, .hash = edition->hash, .sha256 = edition->sha256 };

        add_file(out, &file, edition);
    }
    for (size_t i = 0; i < matrix->file_count; i++) {
        if (!has_edition(matrix, matrix->files[i].file))
            add_file(out, &matrix->files[i], NULL);
    }
    str_add_char(out, ']');
}

/* ----------------------------------------------------------------------------------------------------- rulings ---- */

static void add_ruling(struct str *out, const struct ruling *ruling)
{
    struct str key = STR_EMPTY;

    str_format(&key, "%s%s%s, %s, %s", ruling->workload, ruling->version[0] == '\0' ? "" : " ", ruling->version,
               ruling->installation == NULL ? "any installation" : ruling->installation, ruling->product);
    add_comma(out);
    str_add(out, "{\"what\":\"ruling\"");
    add_member(out, "key", str_text(&key));
    add_member(out, "verdict", answer_word(ruling->answer));
    add_member(out, "who", ruling->who);
    add_member(out, "basis", ruling->basis);
    str_format(out, ",\"until\":%" PRId64 "}", ruling->review_at);
    str_finish(&key);
}

static void add_where(struct str *key, const char *name, const char *value)
{
    if (value != NULL)
        str_format(key, ", %s %s", name, value);
}

static void add_attestation(struct str *out, const struct attestation *attestation)
{
    struct str key = STR_EMPTY;

    str_format(&key, "condition %s", attestation->condition);
    add_where(&key, "kind", attestation->kind);
    add_where(&key, "name", attestation->name);
    add_where(&key, "target", attestation->target);
    add_where(&key, "tag", attestation->tag);
    add_where(&key, "server", attestation->server);
    add_comma(out);
    str_add(out, "{\"what\":\"attestation\"");
    add_member(out, "key", str_text(&key));
    add_member(out, "verdict", NULL);
    add_member(out, "who", attestation->who);
    add_member(out, "basis", attestation->basis);
    str_format(out, ",\"until\":%" PRId64 "}", attestation->until_at);
    str_finish(&key);
}

void basis_row_rulings(struct str *out, const struct matrix *matrix)
{
    str_add_char(out, '[');
    for (size_t i = 0; i < matrix->ruling_count; i++)
        add_ruling(out, &matrix->rulings[i]);
    for (size_t i = 0; i < matrix->attestation_count; i++)
        add_attestation(out, &matrix->attestations[i]);
    str_add_char(out, ']');
}
