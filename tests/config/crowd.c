#include "crowd.h"

#define CREDENTIALS 20

static void write_credentials(struct str *out)
{
    str_add(out, "credentials = (\n");
    for (size_t i = 0; i < CREDENTIALS; i++)
        str_format(out,
                   "    { name = \"scan%zu\"; username = \"corp\\\\scan%zu\"; systemd_credential = \"scan%zu\"; }%s\n",
                   i, i, i, i + 1 < CREDENTIALS ? "," : "");
    str_add(out, ");\n");
}

static void write_target(struct str *out, size_t number)
{
    str_format(out,
               "    {\n        name = \"host%05zu.corp.example\"; # number %zu\n        plugin = \"%s\";\n"
               "        credential = \"scan%zu\";\n        every = \"%zum\";\n        deadline = \"10m\";\n"
               "        tags = [ \"site%zu\", \"fleet\" ];\n        options = {\n"
               "            url = \"https://host%05zu.corp.example/sdk\";\n            port = %zu;\n        };\n    }",
               number, number, number % 3 == 0 ? "file" : "vmware", number % CREDENTIALS, 60 + number % 60, number % 7,
               number, 1 + number % 65535);
}

void fleet_write(struct str *out, size_t targets)
{
    write_credentials(out);
    str_add(out, "targets = (\n");
    for (size_t i = 0; i < targets; i++) {
        write_target(out, i);
        str_add(out, i + 1 < targets ? ",\n" : "\n");
    }
    str_add(out, ");\n");
}
