#include "source.h"

#include "lexer.h"
#include "text.h"
#include "trust.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that is being read, and those that led to it. */
struct reading {
    const struct source_file *file;
    const struct reading *above;
    dev_t device;
    ino_t inode;
    int depth;
};

/* What stays the same over all files. */
struct visit {
    struct source *source;
    enum source_care care;
    struct source_sums *sums; /* NULL: not wanted */
    struct config_place *place;
    struct err *err;
};

static bool read_file(struct visit *visit, const struct source_file *file, const struct reading *above);

static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return ".";
    return slash == path ? "/" : arena_bytes(arena, path, (size_t)(slash - path));
}

static const char *absolute(struct arena *arena, const char *path)
{
    char *here;
    const char *whole = path;

    if (path[0] == '/')
        return path;
    here = getcwd(NULL, 0);
    if (here != NULL)
        whole = strcmp(path, ".") == 0 ? arena_text(arena, here) : arena_format(arena, "%s/%s", here, path);
    free(here);
    return whole;
}

static struct source_file *new_file(struct arena *arena, const char *name)
{
    struct source_file *file = arena_alloc(arena, sizeof *file);

    file->name = arena_text(arena, name);
    file->folder = absolute(arena, folder_of(arena, name));
    return file;
}

static void add_text(struct source *source, const char *text, size_t size)
{
    str_add_bytes(&source->text, text, size);
    for (const char *at = text; (at = memchr(at, '\n', size - (size_t)(at - text))) != NULL; at++)
        source->lines++;
}

/* Adds a stretch of a file, on a line of its own. */
static void add_segment(struct source *source, const struct source_file *file, int line, const char *text, size_t size)
{
    if (size == 0)
        return;
    vec_push(&source->segments, (struct source_segment){ source->lines + 1, file, line });
    add_text(source, text, size);
    if (text[size - 1] != '\n')
        add_text(source, "\n", 1);
}

/* Only these two are escaped in the name of an included file. */
static const char *included_name(struct arena *arena, const char *text, size_t size)
{
    char *name = arena_bytes(arena, text, size);
    char *to = name;

    for (const char *from = name; *from != '\0'; from++) {
        if (from[0] == '\\' && (from[1] == '\\' || from[1] == '"'))
            from++;
        *to++ = *from;
    }
    *to = '\0';
    return name;
}

static const char *beside(struct arena *arena, const struct source_file *file, const char *name)
{
    const char *folder = folder_of(arena, file->name);

    if (name[0] == '/' || strcmp(folder, ".") == 0)
        return name;
    return arena_format(arena, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
}

static bool may_include(struct visit *visit, const struct reading *reading, const char *name)
{
    char quote[TEXT_QUOTE_SIZE];

    if (name[0] == '\0')
        return err_set(visit->err, ERR_CONFIG, "@include names no file; write @include \"targets.conf\"");
    if (strlen(name) >= 4096)
        return err_set(visit->err, ERR_CONFIG, "the name of the file to include is longer than 4095 bytes");
    if (reading->depth == SOURCE_MAX_DEPTH)
        return err_set(visit->err, ERR_CONFIG,
                       "@include \"%s\": files may include each other %d deep, and this is one "
                       "more; include it from a file further up",
                       text_quote(quote, name), SOURCE_MAX_DEPTH);
    if (visit->source->includes++ == SOURCE_MAX_INCLUDES)
        return err_set(visit->err, ERR_CONFIG, "@include \"%s\": more than %d files are included; put some together",
                       text_quote(quote, name), SOURCE_MAX_INCLUDES);
    return true;
}

/* NOLINTBEGIN(misc-no-recursion): a file in a file in a file, SOURCE_MAX_DEPTH at the most */

/* From the @ to the quote behind the name. */
static bool include(struct visit *visit, const struct reading *reading, const char *directive, size_t size)
{
    const char *quote = memchr(directive, '"', size);
    struct arena *arena = visit->source->arena;
    const char *name = included_name(arena, quote + 1, size - (size_t)(quote + 1 - directive) - 1);
    char shown[TEXT_QUOTE_SIZE];

    if (!may_include(visit, reading, name))
        return false;
    if (read_file(visit, new_file(arena, beside(arena, reading->file, name)), reading))
        return true;
    /* What is wrong inside the included file has its place there. */
    if (visit->place->line == 0)
        err_add(visit->err, "@include \"%s\"%s", text_quote(shown, name),
                strpbrk(name, "*?[") == NULL ? "" : " (wildcards have no meaning here: name each file)");
    return false;
}

static bool fault(struct visit *visit, const struct source_file *file, int line, const char *why)
{
    *visit->place = (struct config_place){ file->name, line };
    return err_set(visit->err, ERR_CONFIG, "%s", why);
}

/* Where the text is not UTF-8, counted in lines. */
static int line_of(const char *text, size_t at)
{
    int line = 1;

    for (size_t i = 0; i < at; i++)
        line += text[i] == '\n';
    return line;
}

static bool is_text(struct visit *visit, const struct source_file *file, const char *text, size_t size)
{
    const char *nul = memchr(text, '\0', size);
    size_t valid;

    if (nul != NULL)
        return fault(visit, file, line_of(text, (size_t)(nul - text)),
                     "there is a NUL byte here; if this file was saved as UTF-16, save it as UTF-8");
    valid = utf8_valid_prefix(text, size);
    return valid == size || fault(visit, file, line_of(text, valid), "this is not valid UTF-8; save the file as UTF-8");
}

/* Adds the text to the source, and in place of each @include the file that it names. */
static bool add_with_includes(struct visit *visit, const struct reading *reading, const char *text, size_t size)
{
    struct lexer lexer = lexer_start(text, size);
    struct token token = lexer_next(&lexer);
    size_t done = 0;
    int line = 1;

    for (; token.type != TOKEN_END; token = lexer_next(&lexer)) {
        if (token.type == TOKEN_BAD)
            return fault(visit, reading->file, token.line, token.why);
        if (token.type != TOKEN_INCLUDE)
            continue;
        add_segment(visit->source, reading->file, line, text + done, token.start - done);
        if (!include(visit, reading, text + token.start, token.size)) {
            if (visit->place->line == 0)
                *visit->place = (struct config_place){ reading->file->name, token.line };
            return false;
        }
        done = lexer.at;
        line = lexer.line;
    }
    add_segment(visit->source, reading->file, line, text + done, size - done);
    return true;
}

/* Of the bytes as they lie there, a mark before them too: so others add them up. */
static void add_sum(struct source_sums *sums, const struct source_file *file, const char *text, size_t size)
{
    struct source_sum sum = { .name = file->name, .hash = hash128(&hash_stable_key, text, size) };

    sha256_write(sum.sha256, text, size);
    vec_push(&sums->list, sum);
}

static bool add_file(struct visit *visit, const struct reading *reading, const char *text, size_t size)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* which some editors put before UTF-8 */

    if (visit->sums != NULL)
        add_sum(visit->sums, reading->file, text, size);
    if (size >= 3 && memcmp(text, mark, 3) == 0) {
        text += 3;
        size -= 3;
    }
    if (size > SOURCE_MAX_BYTES - visit->source->bytes)
        return err_set(visit->err, ERR_CONFIG, "the configuration is larger than %u MiB with all that it includes",
                       SOURCE_MAX_BYTES >> 20);
    visit->source->bytes += size;
    return is_text(visit, reading->file, text, size) && add_with_includes(visit, reading, text, size);
}

/* As much of the content as there is room for, NULL where it cannot be had; free it. */
static char *read_start(int descriptor, size_t room, size_t *size, struct err *err)
{
    char *text = mem_new(1, room);
    ssize_t got = 1;

    for (*size = 0; got > 0 && *size<room; *size += got> 0 ? (size_t)got : 0)
        got = read(descriptor, text + *size, room - *size);
    if (got >= 0)
        return text;
    err_system(err, "it cannot be read");
    explicit_bzero(text, *size);
    free(text);
    return NULL;
}

/* The whole content, or more than there may be. No more room than the file says it needs: memory for the largest one
 * takes longer to get than most take to read. One that says less than it has (it grew, or is of /proc) is read again.
 */
static char *slurp(int descriptor, off_t wanted, size_t *size, struct err *err)
{
    const size_t most = SOURCE_MAX_BYTES + 1;
    size_t room = wanted >= 0 && wanted < (off_t)most ? (size_t)wanted + 1 : most;
    char *text = read_start(descriptor, room, size, err);

    if (text == NULL || *size < room || room == most)
        return text;
    explicit_bzero(text, *size);
    free(text);
    if (lseek(descriptor, 0, SEEK_SET) != 0) {
        err_system(err, "it cannot be read again");
        return NULL;
    }
    return read_start(descriptor, most, size, err);
}

/* Names the way round: a.conf, b.conf, a.conf. */
static bool is_cycle(struct visit *visit, const struct reading *reading)
{
    const struct reading *above = reading->above;
    struct str way = STR_EMPTY;

    while (above != NULL && (above->device != reading->device || above->inode != reading->inode))
        above = above->above;
    if (above == NULL)
        return false;
    text_line(&way, reading->file->name);
    for (const struct reading *step = reading->above; step != above->above; step = step->above) {
        str_add(&way, " <- ");
        text_line(&way, step->file->name);
    }
    err_set(visit->err, ERR_CONFIG, "the file includes itself: %s", str_text(&way));
    str_finish(&way);
    return true;
}

static bool read_open(struct visit *visit, struct reading *reading, int descriptor)
{
    struct stat status;
    size_t size;
    char *text;
    bool good;

    if (fstat(descriptor, &status) != 0)
        return err_system(visit->err, "it cannot be looked at");
    if (!S_ISREG(status.st_mode))
        return err_set(visit->err, ERR_CONFIG, "it is not a regular file; name a file there");
    reading->device = status.st_dev;
    reading->inode = status.st_ino;
    if (is_cycle(visit, reading))
        return false;
    text = slurp(descriptor, status.st_size, &size, visit->err);
    if (text == NULL)
        return false;
    good = add_file(visit, reading, text, size);
    explicit_bzero(text, size);
    free(text);
    return good;
}

/* Not blocking, so that a pipe in place of a file holds nothing up. */
static bool read_file(struct visit *visit, const struct source_file *file, const struct reading *above)
{
    struct reading reading = { .file = file, .above = above, .depth = above == NULL ? 0 : above->depth + 1 };
    int descriptor;
    bool good;

    if (visit->care == SOURCE_TRUSTED && !trust_file(file->name, visit->err))
        return false;
    descriptor = open(file->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0 && errno == EACCES && above != NULL && visit->care == SOURCE_READABLE)
        return true;
    if (descriptor < 0)
        return err_system(visit->err, "it cannot be opened");
    good = read_open(visit, &reading, descriptor);
    close(descriptor);
    return good;
}

/* NOLINTEND(misc-no-recursion) */

static struct visit visit_start(struct source *source, struct arena *arena, struct source_sums *sums,
                                struct config_place *place, struct err *err)
{
    *source = (struct source){ .arena = arena };
    return (struct visit){ .source = source, .sums = sums, .place = place, .err = err };
}

bool source_read(struct source *source, const char *path, enum source_care care, struct arena *arena,
                 struct source_sums *sums, struct config_place *place, struct err *err)
{
    struct visit visit = visit_start(source, arena, sums, place, err);
    const struct source_file *file = new_file(arena, path);

    source->name = file->name;
    visit.care = care;
    *place = (struct config_place){ file->name, 0 };
    return read_file(&visit, file, NULL);
}

bool source_take(struct source *source, const struct source_text *text, struct arena *arena, struct source_sums *sums,
                 struct config_place *place, struct err *err)
{
    struct visit visit = visit_start(source, arena, sums, place, err);
    struct reading reading = { .file = new_file(arena, text->name), .depth = SOURCE_MAX_DEPTH };

    source->name = reading.file->name;
    *place = (struct config_place){ reading.file->name, 0 };
    return add_file(&visit, &reading, text->text, text->size);
}

void source_finish(struct source *source)
{
    if (source->text.bytes != NULL)
        explicit_bzero(source->text.bytes, source->text.length);
    str_finish(&source->text);
    vec_finish(&source->segments);
}

/* The last segment that starts at the line or before it; NULL where there is none. */
static const struct source_segment *segment_of(const struct source *source, int line)
{
    size_t low = 0, high = source->segments.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (source->segments.items[middle].first <= line)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &source->segments.items[low - 1];
}

struct config_place source_place(const struct source *source, int line)
{
    const struct source_segment *segment = segment_of(source, line);

    if (segment == NULL)
        return (struct config_place){ source->name != NULL ? source->name : "", 0 };
    return (struct config_place){ segment->file->name, segment->line + line - segment->first };
}

const char *source_folder(const struct source *source, int line)
{
    const struct source_segment *segment = segment_of(source, line);

    return segment == NULL ? "/" : segment->file->folder;
}
