// Cutting UTF-8 text at white space, 64 bytes at a time, and finding words in a table.

typedef uint8_t TextBlock __attribute__((ext_vector_type(64)));
typedef _Bool TextFlags __attribute__((ext_vector_type(64)));

/// One bit for each byte that a comparison holds for.
#define TEXT_BITS(comparison) __builtin_bit_cast(uint64_t, __builtin_convertvector((comparison), TextFlags))

/// Bytes of the white space beyond ASCII that begins here, or 0.
static size_t text_wide_space(const uint8_t *at, const uint8_t *end) {
    if (end - at < 2) return 0;
    if (at[0] == 0xC2) return at[1] == 0x85 || at[1] == 0xA0 ? 2 : 0; // next line, no-break space
    if (end - at < 3) return 0;
    uint8_t third = at[2];
    switch (at[0] << 8 | at[1]) {
    case 0xE19A: return third == 0x80 ? 3 : 0; // ogham space
    case 0xE280: // en quad … hair space, line and paragraph separator, narrow no-break space
        return (third >= 0x80 && third <= 0x8A) || third == 0xA8 || third == 0xA9 || third == 0xAF ? 3 : 0;
    case 0xE281: return third == 0x9F ? 3 : 0; // medium mathematical space
    case 0xE380: return third == 0x80 ? 3 : 0; // ideographic space
    default: return 0;
    }
}

/// The bits `from` ..< `to` of 64.
static inline uint64_t text_bits(size_t from, size_t to) { return (to < 64 ? (1ull << to) - 1 : ~0ull) & ~0ull << from; }

/// Writes a word that ends, unless it is too long; returns how many there are then.
static inline size_t text_word(TextSplit *text, TextWord *words, size_t count, const uint8_t *end) {
    size_t length = (size_t)(end - text->word);
    uint32_t other = text->isOther;
    const uint8_t *word = text->word;
    text->word = NULL;
    text->isOther = 0;
    if (__builtin_expect(length > TEXT_LONGEST_WORD, 0)) {
        text->overlong++;
        return count;
    }
    words[count] = (TextWord){word, (uint32_t)length, other};
    return count + 1;
}

/// The bytes of a block that are white space, of those that are 0x80 or above those that are not.
static inline uint64_t text_spaces(TextSplit *text, const TextBlock *bytes, uint64_t *other) {
    TextBlock block = *bytes;
    uint64_t null = TEXT_BITS(block == (TextBlock)0);
    uint64_t space = null | TEXT_BITS((block == (TextBlock)' ') | (block - (TextBlock)'\t' < (TextBlock)5));
    if (__builtin_expect(null != 0, 0) && !text->firstNull) text->firstNull = text->next + __builtin_ctzll(null);
    *other = TEXT_BITS(block >= (TextBlock)0x80);
    if (*other == 0) return space;
    space |= text_bits(0, text->space);
    text->space = 0;
    uint64_t leading = TEXT_BITS((block == (TextBlock)0xC2) | (block - (TextBlock)0xE1 < (TextBlock)3));
    for (; leading; leading &= leading - 1) {
        size_t first = (size_t)__builtin_ctzll(leading);
        size_t behind = first + text_wide_space(text->next + first, text->end);
        if (behind == first) continue;
        space |= text_bits(first, behind);
        if (behind > 64) text->space = (uint32_t)(behind - 64);
    }
    *other &= ~space;
    return space;
}

static size_t text_split(TextSplit *state, TextWord *words, size_t capacity) {
    // A copy, so that the compiler knows that nothing that is written is part of it.
    TextSplit text = *state;
    size_t count = 0;
    while (text.next < text.end && count + TEXT_STEP <= capacity) {
        size_t size = (size_t)(text.end - text.next);
        TextBlock block = (TextBlock)' ';
        if (size > 64) size = 64;
        if (__builtin_expect(size == 64, 1)) memcpy(&block, text.next, 64);
        else memcpy(&block, text.next, size);
        uint64_t other, space = text_spaces(&text, &block, &other), line = TEXT_BITS(block == (TextBlock)'\n');
        // Where words begin and end, in turn, and line feeds.
        uint64_t events = (space ^ (space << 1 | (text.word == NULL))) | line;
        size_t begin = 0;
        for (; events; events &= events - 1) {
            size_t bit = (size_t)__builtin_ctzll(events);
            if (space >> bit & 1) {
                if (text.word) {
                    text.isOther |= (other & text_bits(begin, bit)) != 0;
                    count = text_word(&text, words, count, text.next + bit);
                }
                if (line >> bit & 1) words[count++] = (TextWord){text.next + bit, 0, 0};
            } else {
                text.word = text.next + bit;
                begin = bit;
            }
        }
        if (text.word) text.isOther |= (other & text_bits(begin, 64)) != 0;
        text.next += size;
    }
    if (text.next == text.end && text.word) count = text_word(&text, words, count, text.end);
    *state = text;
    return count;
}

/// The bytes of a word of 1 to 8 bytes, filled up with zeros.
static inline uint64_t short_key(const uint8_t *word, size_t length, const uint8_t *end) {
    if (__builtin_expect(end - word >= 8, 1)) {
        uint64_t key;
        memcpy(&key, word, 8);
        size_t unused = 64 - 8 * length;
        return key << unused >> unused;
    }
    uint64_t key = 0;
    for (size_t i = 0; i < length; i++) key |= (uint64_t)word[i] << 8 * i;
    return key;
}

static inline uint64_t mix_bits(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/// A hash of a word of more than 8 bytes: 8 of them at a time, the last 8 again.
static inline uint64_t long_key(const uint8_t *word, size_t length, uint64_t seed) {
    uint64_t state = seed ^ length, part;
    for (size_t i = 0; i + 8 < length; i += 8) {
        memcpy(&part, word + i, 8);
        state = mix_bits(state ^ part, seed ^ 0x8EBC6AF09C88C6E3);
    }
    memcpy(&part, word + length - 8, 8);
    return mix_bits(state ^ part, 0xA0761D6478BD642F);
}

static inline uint64_t word_key(const WordTable *table, const uint8_t *word, size_t length, const uint8_t *end) {
    return length <= 8 ? short_key(word, length, end) : long_key(word, length, table->seed);
}

/// Whether two words of the same length, more than 8 bytes, are the same.
static inline _Bool same_word(const uint8_t *a, const uint8_t *b, size_t length) {
    uint64_t x, y, differ;
    memcpy(&x, a + length - 8, 8);
    memcpy(&y, b + length - 8, 8);
    differ = x ^ y;
    for (size_t i = 0; i + 8 < length; i += 8) {
        memcpy(&x, a + i, 8);
        memcpy(&y, b + i, 8);
        differ |= x ^ y;
    }
    return differ == 0;
}

/// The slot of a word, or the empty one where the search for it ends.
static inline WordSlot *word_slot(const WordTable *table, const uint8_t *word, size_t length, uint64_t key) {
    size_t mask = ((size_t)1 << table->bits) - 1, place = (size_t)(key * table->factor >> (64 - table->bits));
    uint32_t stored = length <= 8 ? 0 : (uint32_t)length;
    for (;; place = (place + 1) & mask) {
        WordSlot *slot = table->slots + place;
        if (slot->number == WORD_NONE) return slot;
        if (slot->key != key || slot->length != stored) continue;
        if (stored == 0 || same_word(table->bytes + table->ends[slot->number] - length, word, length)) return slot;
    }
}

static void words_find(const WordTable *table, const TextWord *words, size_t count, const uint8_t *end,
                       uint32_t *numbers) {
    enum { BATCH = 32 };
    uint64_t keys[BATCH];
    for (; count > 0; words += BATCH, numbers += BATCH) {
        size_t size = count < BATCH ? count : BATCH;
        count -= size;
        // The slots of some words are fetched while the keys of the others are made.
        for (size_t i = 0; i < size; i++) {
            keys[i] = words[i].length ? word_key(table, words[i].bytes, words[i].length, end) : 0;
            __builtin_prefetch(table->slots + (keys[i] * table->factor >> (64 - table->bits)));
        }
        for (size_t i = 0; i < size; i++)
            numbers[i] = words[i].length ? word_slot(table, words[i].bytes, words[i].length, keys[i])->number : WORD_LINE;
    }
}

static _Bool word_add(const WordTable *table, uint32_t number, size_t length) {
    const uint8_t *end = table->bytes + table->ends[number], *word = end - length;
    uint64_t key = word_key(table, word, length, end);
    WordSlot *slot = word_slot(table, word, length, key);
    if (slot->number != WORD_NONE) return 0;
    *slot = (WordSlot){key, number, length <= 8 ? 0 : (uint32_t)length};
    return 1;
}
