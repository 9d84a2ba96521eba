#include "software.h"

#include <string.h>

#define ENGINE(number) "SOFTWARE\\Microsoft\\PowerShell\\" number "\\PowerShellEngine"
#define RUNTIME "Microsoft\\VisualStudio\\14.0\\VC\\Runtimes\\x64"

/* 3 is there from PowerShell 3.0 on, whatever comes later; 1 is for 1.0 and 2.0, and stays at 2.0 beside it. */
static bool look_wmf(struct windows *windows, struct err *err)
{
    static const char *const keys[] = { ENGINE("3"), ENGINE("1"), NULL };
    const char *version = NULL;

    for (size_t i = 0; keys[i] != NULL && version == NULL; i++) {
        if (!windows_registry_text(windows, keys[i], "PowerShellVersion", &version, err))
            return false;
    }
    if (version == NULL)
        facts_unread(&windows->computer, "wmf.version", "no engine of PowerShell is installed, so it has no version");
    facts_text(&windows->computer, "wmf.version", version);
    return true;
}

const struct windows_section software_wmf = {
    .name = "Windows Management Framework",
    .look = look_wmf,
    .unread = { "wmf.version" },
};

/* Setups wrote the one or the other. */
static bool look_runtime(struct windows *windows, struct err *err)
{
    static const char *const keys[] = { "SOFTWARE\\" RUNTIME, "SOFTWARE\\WOW6432Node\\" RUNTIME, NULL };
    int64_t installed = 0;
    bool found = false;

    for (size_t i = 0; keys[i] != NULL && installed != 1; i++) {
        if (!windows_registry_int(windows, keys[i], "Installed", &installed, &found, err))
            return false;
    }
    facts_bool(&windows->computer, "software.vcredist_2015", found && installed == 1);
    return true;
}

static bool needs_runtime(const struct windows *windows)
{
    return windows_is_server(windows) && windows_is_at_least(windows, "6.2") && !windows_is_at_least(windows, "10.0");
}

const struct windows_section software_runtime = {
    .name = "the Visual C++ runtime",
    .look = look_runtime,
    .applies = needs_runtime,
    .unread = { "software.vcredist_2015" },
};
