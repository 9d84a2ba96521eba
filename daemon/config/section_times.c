/* Times and zones, as several sections have them. */
#include "sections.h"

#include "problem.h"
#include "text.h"
#include "zone_file.h"

bool section_has_form(const char *text, const char *form)
{
    for (; *form != '\0'; text++, form++) {
        if (*form == '0' ? *text < '0' || *text > '9' : *text != *form)
            return false;
    }
    return *text == '\0';
}

int section_minute(const char *text, int last)
{
    int hour, minute;

    if (!section_has_form(text, "00:00"))
        return -1;
    hour = (text[0] - '0') * 10 + text[1] - '0';
    minute = (text[3] - '0') * 10 + text[4] - '0';
    return minute > 59 || hour * 60 + minute > last ? -1 : hour * 60 + minute;
}

void section_zone(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    struct config_zone *zone = to;
    struct zone_file file = { NULL, 0, zone_utc };
    struct err err;

    zone->clocks = draft_of(reader)->look ? NULL : zone_utc;
    setting_name(reader, setting, key, &zone->name);
    if (zone->name == NULL || !draft_of(reader)->look)
        return;
    if (!zone_file_read(&file, zone->name, reader->arena, &err)) {
        setting_problem(reader, setting, "%s", err.text);
        return;
    }
    *zone = (struct config_zone){ zone->name, file.bytes, file.size, file.zone };
}
