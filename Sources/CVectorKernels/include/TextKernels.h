// Cutting UTF-8 text at white space, and finding the words' numbers, many words at a time.
#ifndef EMBEDDING_TEXT_KERNELS_H
#define EMBEDDING_TEXT_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// A word of a text, or a line feed.
typedef struct TextWord {
    const uint8_t *bytes; ///< its first byte, in the text
    uint32_t length;      ///< bytes; 0: a line feed
    uint32_t isOther;     ///< 1 when some byte is 0x80 or above, else 0
} TextWord;

/// Longest word in bytes.
#define TEXT_LONGEST_WORD 65535

/// Words and line feeds that text_split wants room for: what the next 64 bytes can hold.
#define TEXT_STEP 66

/// Where text_split stands.
typedef struct TextSplit {
    const uint8_t *next;      ///< the next byte to look at
    const uint8_t *end;       ///< end of the text
    const uint8_t *word;      ///< begin of the word that goes on at `next`; NULL: none does
    uint32_t isOther;         ///< of that word
    uint32_t space;           ///< bytes from `next` on that belong to a white space
    uint64_t overlong;        ///< words that were left out because they are too long
    const uint8_t *firstNull; ///< the first NUL byte, which is a white space here; NULL: none yet
} TextSplit;

/// Not a word of the table.
#define WORD_NONE 0xffffffffu
/// A line feed.
#define WORD_LINE 0xfffffffeu

/// A slot of a table of words.
typedef struct WordSlot {
    uint64_t key;    ///< the bytes of a word of at most 8 of them, filled up with zeros; the hash of a longer one
    uint32_t number; ///< of the word; WORD_NONE: the slot is empty
    uint32_t length; ///< bytes of a word that has more than 8; else 0
} WordSlot;

/// Words by their bytes: open addressing with linear probing. Nine tenths of a text's words have at most 8 bytes: one
/// look into memory.
typedef struct WordTable {
    WordSlot *slots;
    uint32_t bits;        ///< there are 2^bits slots, one of them empty at least
    uint64_t factor;      ///< odd; a key is first looked for at the upper bits of key · factor
    uint64_t seed;        ///< of the hashes
    const uint8_t *bytes; ///< the words, one behind the other
    const int64_t *ends;  ///< where each word ends there
} WordTable;

/// The kernels on texts of one CPU level.
typedef struct TextKernels {
    /// Cuts a text at white space (Unicode's property White_Space, and NUL). Writes words and line feeds in their order
    /// until fewer than TEXT_STEP places are free or the text ends; returns how many, 0 at the end alone.
    /// Reads no byte outside of the text.
    size_t (*split)(TextSplit *text, TextWord *words, size_t capacity);
    /// The numbers of words, WORD_NONE for unknown ones, WORD_LINE for line feeds. No byte from `end` on is read.
    void (*find)(const WordTable *table, const TextWord *words, size_t count, const uint8_t *end, uint32_t *numbers);
    /// Adds a word of `length` ≥ 1 bytes, none of them NUL, which stands in `bytes` as number `number`. There is a free
    /// slot besides the one that stays empty. Returns 0 when the word is there already.
    _Bool (*add)(const WordTable *table, uint32_t number, size_t length);
} TextKernels;

#endif
