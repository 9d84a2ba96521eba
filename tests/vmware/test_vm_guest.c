#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "replay.h"

#define NIC(rest) "<GuestNicInfo>" rest "</GuestNicInfo>"
#define OFF                                                                                                            \
    {                                                                                                                  \
        "runtime.powerState", "VirtualMachinePowerState", "poweredOff"                                                 \
    }
#define UNSET(path)                                                                                                    \
    {                                                                                                                  \
        path, NULL, NULL                                                                                               \
    }
#define SILENT                                                                                                         \
    UNSET("guest.guestId"), UNSET("guest.guestFullName"), UNSET("guest.hostName"), UNSET("guest.net"),                 \
        UNSET("guest.ipAddress")

static const struct replay_case cases[] = {
    /* What the tools report, beside what is configured. */
    { { { NULL } }, "guest.id", "windows9Server64Guest" },
    { { { NULL } }, "guest.name", "Microsoft Windows Server 2016 (64-bit)" },
    { { { NULL } }, "guest.family", "windows" },
    { { { "guest.guestFamily", "string", "linuxGuest" } }, "guest.family", "linux" },
    { { { "guest.guestFamily", "string", "solarisGuest" } }, "guest.family", "other" },
    { { UNSET("guest.guestFamily") }, "guest.family", "-" },
    { { { NULL } }, "guest.arch", "x64" },
    { { { "guest.guestId", "string", "windows9Guest" } }, "guest.arch", "x86" },
    { { { "guest.guestId", "string", "winNetEnterprise64Guest" } }, "guest.arch", "x64" },
    { { { "guest.guestId", "string", "debian10_64Guest" } }, "guest.arch", "x64" },
    { { { "guest.guestId", "string", "debian10Guest" } }, "guest.arch", "-" },
    { { { "guest.guestId", "string", "windowsHyperVGuest" } }, "guest.arch", "-" },
    { { { "guest.guestId", "string", "arm-debian11-64" } }, "guest.arch", "-" },
    { { { "guest.guestId", "string", "64Guest" } }, "guest.arch", "-" },
    { { UNSET("guest.guestId") }, "guest.arch", "-" },
    { { UNSET("guest.guestId"), OFF }, "guest.arch", "? the virtual machine is not running (off)" },
    { { { "guest.guestId", "missing", "NoPermission" } },
      "guest.arch",
      "? the server did not give guest.guestId: NoPermission" },
    { { { NULL } }, "guest.fqdn", "web01.corp.example" },
    { { { "guest.hostName", "string", "." } }, "guest.fqdn", "." },
    { { { NULL } }, "guest.addresses", "[192.0.2.101]" },
    { { { "guest.net", "ArrayOfGuestNicInfo",
          NIC("<ipAddress>2001:DB8::0:5</ipAddress><ipAddress>127.0.0.1</ipAddress><ipAddress>::1</ipAddress>")
              NIC("<ipAddress>169.254.7.7</ipAddress><ipAddress>0.0.0.0</ipAddress><ipAddress>nonsense</ipAddress>") },
        { "guest.ipAddress", "string", "10.0.0.9" } },
      "guest.addresses",
      "[10.0.0.9,2001:db8::5]" },
    { { { "guest.net", "ArrayOfGuestNicInfo", NIC("<connected>false</connected>") }, UNSET("guest.ipAddress") },
      "guest.addresses",
      "[]" },
    { { UNSET("guest.net") }, "guest.addresses", "[192.0.2.101]" },
    { { UNSET("guest.net"), UNSET("guest.ipAddress") }, "guest.addresses", "-" },

    /* What they do not. */
    { { SILENT }, "guest.name", "? VMware Tools told nothing (toolsOk)" },
    { { SILENT }, "guest.family", "? VMware Tools told nothing (toolsOk)" },
    { { SILENT, UNSET("guest.toolsStatus") }, "guest.addresses", "? VMware Tools told nothing" },
    { { SILENT, OFF }, "guest.family", "? the virtual machine is not running (off)" },
    { { OFF }, "guest.name", "Microsoft Windows Server 2016 (64-bit)" },
    { { OFF, UNSET("guest.net"), UNSET("guest.ipAddress") },
      "guest.addresses",
      "? the virtual machine is not running (off)" },
    { { OFF, UNSET("guest.hostName") }, "guest.fqdn", "? the virtual machine is not running (off)" },
    { { { "runtime.connectionState", "VirtualMachineConnectionState", "disconnected" } },
      "guest.name",
      "? the virtual machine is disconnected" },
    { { { "runtime.connectionState", "VirtualMachineConnectionState", "disconnected" } }, "vm.state", "running" },
    { { { "guest", "missing", "NoPermission" }, SILENT },
      "guest.name",
      "? the server did not give guest.guestFullName: NoPermission" },
    { { { "guest.hostName", "missing", "NoPermission" } },
      "guest.fqdn",
      "? the server did not give guest.hostName: NoPermission" },
    { { { "guest.hostName", "missing", "NoPermission" } }, "guest.name", "Microsoft Windows Server 2016 (64-bit)" },
};

static void what_the_guest_tells_is_kept_beside_what_is_configured(void **state)
{
    (void)state;
    replay_check(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_guest_tells_is_kept_beside_what_is_configured),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
