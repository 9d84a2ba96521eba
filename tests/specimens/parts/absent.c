/* A shared object that is no plugin. As a library, it is there when missing_library is linked and is not found when
 * it is loaded. */
int muster_absent(void);

__attribute__((visibility("default"))) int muster_absent(void)
{
    return 0;
}
