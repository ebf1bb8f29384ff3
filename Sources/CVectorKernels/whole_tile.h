// As neighbor_tile, of whole numbers, whose sums are exact. Included once for each way to ADD_PRODUCTS of the pairs in
// two vectors to a vector, as WHOLE_TILE.
WHOLE_TILE(const WholeTile *tile, NeighborHit *hits) {
    const int32_t *rows = tile->rows, *columns = tile->columns;
    IntVector s[TILE_ROWS][TILE_VECTORS];
    for (int r = 0; r < TILE_ROWS; r++)
        for (int v = 0; v < TILE_VECTORS; v++)
            s[r][v] = load_whole(tile->columnOffsets + v * LANES) + splat_whole(tile->rowOffsets[r]);
    for (size_t d = 0; d < tile->pairs; d++, rows += PANEL, columns += PANEL) {
        IntVector y[TILE_VECTORS];
        for (int v = 0; v < TILE_VECTORS; v++) y[v] = load_whole(columns + v * LANES);
        for (int r = 0; r < TILE_ROWS; r++) {
            IntVector x = splat_whole(rows[r]);
            for (int v = 0; v < TILE_VECTORS; v++) {
                s[r][v] = ADD_PRODUCTS(s[r][v], x, y[v]);
            }
        }
    }
    size_t n = 0;
    for (int v = 0; v < TILE_VECTORS; v++) {
        IntVector limit = load_whole(tile->columnLimits + v * LANES);
        for (int r = 0; r < TILE_ROWS; r++) {
            unsigned bits = lanes_set(s[r][v] >= __builtin_elementwise_min(limit, splat_whole(tile->rowLimits[r])));
            if (__builtin_expect(bits != 0, 0)) {
                int32_t all[LANES];
                memcpy(all, &s[r][v], sizeof all);
                do {
                    int lane = __builtin_ctz(bits);
                    hits[n++] = (NeighborHit){(float)all[lane] * tile->square, (uint16_t)(tile->row + (size_t)r),
                                              (uint16_t)(v * LANES + lane)};
                    bits &= bits - 1;
                } while (bits);
            }
        }
    }
    return n;
}
#undef ADD_PRODUCTS
#undef WHOLE_TILE
