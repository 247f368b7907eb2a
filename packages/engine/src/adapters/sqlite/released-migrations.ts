/**
 * Every migration of this program with its checksum, in order: what opening a catalog compares with, without building
 * a single statement. A test recomputes the checksums from the migrations themselves.
 */
export const releasedMigrations: readonly { readonly name: string; readonly checksum: string }[] = [
  { name: "0001-catalog", checksum: "ef94d502f41e839ef9aa5f48aed34e8aeb8bef9400c00e0b91498242f647b797" },
  { name: "0002-changes", checksum: "80afe144d1c54b51457fcfc71ceda5a0f214c47e771b4dbf8007a28545c76b1d" },
  { name: "0003-runs", checksum: "ef228ee2be0df149f3748e998e0f469441361e1aa3dfcc22aee90e72a69ec3ae" },
  { name: "0004-vocabularies", checksum: "4056436fd56bb02d41d78713693a076dc508de742a593273abb063df185faa77" },
  {
    name: "0005-authored-datasets",
    checksum: "1d0c19dee777bd189fff062af2a7bff9d5f375f45395233f56c245d138b08d0d",
  },
  {
    name: "0006-removals",
    checksum: "81d3eaee9c7d7c72e8451ffa19ffeb843d7eb2bcb91f79fef188dcdf45f42236",
  },
  {
    name: "0007-data-flow",
    checksum: "74a9b944541c2af7786075df3762f5759e95773ef753a5bee8e33ae73c5e1229",
  },
  {
    name: "0008-pinned-inputs",
    checksum: "01de97f78dec829a68a516165a43ca4741187d71db36a2c2a84b6e9bb19bcbef",
  },
  {
    name: "0009-numbered-rows",
    checksum: "7b6285fc64f3e4f4ca3e01a2d817e230f0c7e3d6df9bcdf9c1d28b747089c388",
  },
];
