/* What a data source of a backup server protects is one thing. Where several assets show the fact that a link of this
 * relation names its end by, it is none of them: a wrong end would call protected what is not. */
#ifndef LONE_H
#define LONE_H

/* A condition of SQL on a link, a claim that fits it, and that claim's item, by what they are called there. */
#define LONE(link, claim, item)                                                                                        \
    "(" link ".relation <> 'protects' OR NOT EXISTS (SELECT 1 FROM claim lone_claim CROSS JOIN item lone_item"         \
    " WHERE lone_claim.fact = " claim ".fact AND lone_claim.value = " claim                                            \
    ".value AND lone_item.id = lone_claim.item"                                                                        \
    " AND lone_item.kind = " item ".kind AND lone_item.gone_at IS NULL AND lone_item.asset <> " item ".asset))"

#endif
