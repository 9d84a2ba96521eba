#include "plugin.h"

#include "item.h"
#include "message.h"
#include "trust.h"
#include "utf8.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Up to and including option_size: what must be there to know how to read the rest. */
#define HEADER_SIZE offsetof(struct muster_plugin, reserved)
#define OPTION_HEADER_SIZE (offsetof(struct muster_option, max) + sizeof(int64_t))

#define ANY_KIND "*"

struct muster_error {
    struct err err;
};

MUSTER_EXPORT int muster_prepare_fail(struct muster_error *error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    err_vset(&error->err, ERR_BUG, format, args);
    va_end(args);
    return -1;
}

/* What the dynamic linker's complaint usually means. */
static const char *likely_cause(const char *complaint)
{
    static const struct {
        const char *part, *cause;
    } causes[] = {
        { "undefined symbol: muster_", "it was built for a newer muster than this one" },
        { "undefined symbol", "it was linked without a library it needs" },
        { "invalid ELF header", "the file is no shared object" },
        { "file too short", "the file is no shared object, or was copied only in part" },
        { "wrong ELF class", "it was built for another processor" },
        { "cannot open shared object file", "a library that it needs is not installed; `ldd` on the file names it" },
        { "cannot enable executable stack", "it was built with an executable stack" },
    };

    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (strstr(complaint, causes[i].part) != NULL)
            return causes[i].cause;
    }
    return "see the message";
}

static bool required(const void *member, const char *name, struct err *err)
{
    return member != NULL || err_set(err, ERR_BUG, "the plugin's table has no .%s, which is required", name);
}

/* What does not fit into a HELLO or OPTION would leave the daemon without either, and without a reason. */
static bool fits(const char *text, size_t max, const char *what, struct err *err)
{
    size_t size = text == NULL ? 0 : strnlen(text, max + 1);

    if (size > max)
        return err_set(err, ERR_BUG, "%s has more than %zu bytes", what, max);
    return size == 0 || utf8_valid(text, size) || err_set(err, ERR_BUG, "%s is not valid UTF-8", what);
}

static bool check_header(const struct muster_plugin *table, struct err *err)
{
    if (table->abi != MUSTER_ABI)
        return err_set(err, ERR_BUG, "the plugin speaks ABI %u and this muster speaks ABI %d: rebuild the plugin",
                       table->abi, MUSTER_ABI);
    if (table->size < offsetof(struct muster_plugin, doctor))
        return err_set(err, ERR_BUG, "the plugin's table says it is %u bytes long: too short to hold .scan",
                       table->size);
    if (table->option_size < OPTION_HEADER_SIZE)
        return err_set(err, ERR_BUG, "the plugin's options say they are %u bytes each: too short", table->option_size);
    return true;
}

static bool check_members(const struct muster_plugin *table, struct err *err)
{
    if (!required(table->name, "name", err) || !required(table->version, "version", err) ||
        !required(table->summary, "summary", err) || !required(table->kinds, "kinds", err))
        return false;
    if (table->scan == NULL)
        return required(NULL, "scan", err);
    if (!item_is_word(table->name))
        return err_set(err, ERR_BUG, "the plugin's .name must be lower case letters, digits and _");
    return fits(table->version, ITEM_MAX_NAME, "the plugin's .version", err) &&
           fits(table->summary, MESSAGE_MAX_WORDS, "the plugin's .summary", err);
}

static bool check_kinds(const struct muster_plugin *table, struct err *err)
{
    for (size_t i = 0; table->kinds[i] != NULL; i++) {
        if (i == PLUGIN_MAX_KINDS)
            return err_set(err, ERR_BUG, "the plugin's .kinds has more than %d kinds, or no NULL at its end",
                           PLUGIN_MAX_KINDS);
        if (strcmp(table->kinds[i], ANY_KIND) != 0 && !item_is_word(table->kinds[i]))
            return err_set(err, ERR_BUG, "kind %zu of the plugin's .kinds is no lower-case word", i + 1);
    }
    return true;
}

/* Walks the options by the stride the plugin was compiled with. */
static const struct muster_option *option_at(const struct muster_plugin *table, size_t index)
{
    return (const struct muster_option *)((const char *)table->options + index * table->option_size);
}

static bool check_choices(const char *const *choices, struct err *err)
{
    for (size_t i = 0; choices != NULL && choices[i] != NULL; i++) {
        if (i == PLUGIN_MAX_CHOICES)
            return err_set(err, ERR_BUG, "it has more than %d choices, or no NULL at their end", PLUGIN_MAX_CHOICES);
        if (!fits(choices[i], ITEM_MAX_NAME, "a choice of it", err))
            return false;
    }
    return true;
}

/* What option_table_check() cannot see in the spec that comes of it. */
static bool check_option(const struct muster_option *option, struct err *err)
{
    if (option->type <= OPTION_NO_TYPE || option->type >= OPTION_TYPE_COUNT)
        return err_set(err, ERR_BUG, "it has type %d, which this muster does not know", option->type);
    return fits(option->help, MESSAGE_MAX_WORDS, "its help", err) && check_choices(option->choices, err);
}

static struct option_spec adopt_option(const struct muster_option *option)
{
    return (struct option_spec){
        .name = option->name,
        .type = (enum option_type)option->type,
        .required = option->required != 0,
        .fallback = option->fallback,
        .help = option->help,
        .choices = option->choices,
        .min = option->min,
        .max = option->max,
    };
}

static bool adopt_options(struct plugin *plugin, struct err *err)
{
    const struct muster_plugin *table = &plugin->table;
    struct option_spec *specs;
    size_t count = 0;

    while (table->options != NULL && option_at(table, count)->name != NULL) {
        if (++count > OPTION_MAX_COUNT)
            return err_set(err, ERR_BUG, "the plugin has more than %d options, or no empty one at their end",
                           OPTION_MAX_COUNT);
    }
    specs = arena_alloc(&plugin->arena, (count + 1) * sizeof *specs);
    for (size_t i = 0; i < count; i++) {
        const struct muster_option *option = option_at(table, i);

        if (item_is_word(option->name) && !check_option(option, err))
            return err_add(err, "the plugin's option table: option %s", option->name);
        specs[i] = adopt_option(option);
    }
    plugin->options = (struct option_table){ .specs = specs, .count = count };
    return option_table_check(&plugin->options, err) || err_add(err, "the plugin's option table");
}

/* How many entries of a folder beneath /proc/self count. */
static size_t count_entries(const char *path, bool (*counts)(DIR *folder, const char *name))
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    size_t count = 0;

    if (folder == NULL)
        return 0;
    while ((entry = readdir(folder)) != NULL)
        count += entry->d_name[0] != '.' && counts(folder, entry->d_name);
    closedir(folder);
    return count;
}

static bool is_thread(DIR *folder, const char *name)
{
    (void)folder, (void)name;
    return true;
}

static bool is_socket(DIR *folder, const char *name)
{
    struct stat status;

    return fstatat(dirfd(folder), name, &status, 0) == 0 && S_ISSOCK(status.st_mode);
}

static bool has_children(void)
{
    siginfo_t info;

    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static struct belongings look_around(void)
{
    return (struct belongings){
        .threads = count_entries("/proc/self/task", is_thread),
        .sockets = count_entries("/proc/self/fd", is_socket),
        .children = has_children(),
    };
}

bool plugin_adopt(struct plugin *plugin, const struct muster_plugin *table, struct err *err)
{
    size_t size = table->size < sizeof plugin->table ? table->size : sizeof plugin->table;

    memset(plugin, 0, sizeof *plugin);
    plugin->before = look_around();
    arena_init(&plugin->arena, ARENA_PLAIN);
    if (size < HEADER_SIZE)
        return err_set(err, ERR_BUG, "the plugin's table says it is %u bytes long", table->size);
    memcpy(&plugin->table, table, size);
    return check_header(&plugin->table, err) && check_members(&plugin->table, err) &&
           check_kinds(&plugin->table, err) && adopt_options(plugin, err);
}

static const struct muster_plugin *open_object(const char *path, struct err *err)
{
    const struct muster_plugin *(*entry)(void);
    const struct muster_plugin *table;
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

    if (object == NULL) {
        const char *complaint = dlerror();
        err_set(err, ERR_BUG, "it cannot be loaded: %s (%s)", complaint, likely_cause(complaint));
        return NULL;
    }
    *(void **)&entry = dlsym(object, "muster_plugin_entry");
    if (entry == NULL) {
        err_set(err, ERR_BUG,
                "it is a shared object but no muster plugin: it has no symbol muster_plugin_entry, which "
                "MUSTER_PLUGIN(...) makes");
        return NULL;
    }
    table = entry();
    if (table == NULL)
        err_set(err, ERR_BUG, "its muster_plugin_entry() returned no table");
    return table;
}

/* A file that lacks its end would be mapped all the same, and the first look at what is not there be a SIGBUS. What an
 * ELF file has last is the table of its sections. */
static bool is_whole(const char *path, struct err *err)
{
    Elf64_Ehdr header = { .e_shoff = 0 };
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool read = file >= 0 && fstat(file, &status) == 0 && pread(file, &header, sizeof header, 0) == sizeof header;

    if (file >= 0)
        close(file);
    /* Of what is no such file, the dynamic linker says more. */
    if (!read || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_shoff + (uint64_t)header.e_shnum * header.e_shentsize <= (uint64_t)status.st_size)
        return true;
    return err_set(err, ERR_BUG, "it cannot be loaded: its end is missing, so it was copied only in part");
}

bool plugin_load(struct plugin *plugin, const char *path, struct err *err)
{
    const struct belongings before = look_around();
    const struct muster_plugin *table = NULL;
    char *real = realpath(path, NULL);
    bool good;

    if (real == NULL)
        return err_system(err, "plugin %s", path);
    if (trust_file(real, err) && is_whole(real, err))
        table = open_object(real, err);
    good = table != NULL && plugin_adopt(plugin, table, err);
    plugin->before = before;
    free(real);
    return good || err_add(err, "plugin %s", path);
}

static bool left_nothing(const struct plugin *plugin, const char *who, struct err *err)
{
    const struct belongings now = look_around();

    if (now.threads > plugin->before.threads)
        return err_set(err, ERR_BUG,
                       "plugin %s: %s left a thread behind, and a process with threads cannot be forked safely: "
                       "start threads in scan()",
                       plugin->table.name, who);
    if (now.sockets > plugin->before.sockets)
        return err_set(err, ERR_BUG,
                       "plugin %s: %s left a socket behind, which all scans would share: open it in scan()",
                       plugin->table.name, who);
    if (now.children && !plugin->before.children)
        return err_set(err, ERR_BUG, "plugin %s: %s left a process behind, which no scan would have as its child",
                       plugin->table.name, who);
    return true;
}

bool plugin_prepare(struct plugin *plugin, struct err *err)
{
    struct muster_error error = { 0 };

    if (!left_nothing(plugin, "loading it", err))
        return false;
    if (plugin->table.prepare == NULL)
        return true;
    if (plugin->table.prepare(&error) != 0)
        return err_set(err, ERR_BUG, "plugin %s: prepare() failed: %s", plugin->table.name,
                       error.err.class == ERR_NONE ? "it did not say why" : error.err.text);
    return left_nothing(plugin, "prepare()", err);
}

bool plugin_has_kind(const struct plugin *plugin, const char *kind)
{
    for (size_t i = 0; plugin->table.kinds[i] != NULL; i++) {
        if (strcmp(plugin->table.kinds[i], kind) == 0 || strcmp(plugin->table.kinds[i], ANY_KIND) == 0)
            return true;
    }
    return false;
}

void plugin_finish(struct plugin *plugin)
{
    arena_finish(&plugin->arena);
}
