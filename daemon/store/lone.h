/* What a data source of a backup server protects is one thing. Where several assets show the fact that a link of this
 * relation names its end by, it is none of them: a wrong end would call protected what is not. Nor is it a guest that
 * gives itself the name (guest.fqdn) of a computer that is another asset, and known from inside (id.fqdn). */
#ifndef LONE_H
#define LONE_H

/* A condition of SQL on a link, a claim that fits it, and that claim's item, by what they are called there. */
#define LONE(link, claim, item)                                                                                        \
    "(" link ".relation <> 'protects' OR NOT EXISTS (SELECT 1 FROM claim lone_claim CROSS JOIN item lone_item"         \
    " WHERE lone_claim.fact IN (" claim ".fact, CASE " claim ".fact WHEN 'guest.fqdn' THEN 'id.fqdn' END)"             \
    " AND lone_claim.value = " claim ".value AND lone_item.id = lone_claim.item"                                       \
    " AND CASE lone_claim.fact WHEN " claim ".fact THEN lone_item.kind = " item                                        \
    ".kind ELSE lone_item.kind IN ('machine', 'hyperv_host') END"                                                      \
    " AND lone_item.gone_at IS NULL AND lone_item.asset <> " item ".asset))"

#endif
