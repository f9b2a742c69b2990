namespace Grainy.Core.Weights.Containers;

/// <summary>The checksum of zip archives (reflected polynomial 0xEDB88320), eight bytes at a time.</summary>
internal static class Crc32
{
    private const int Piece = 1 << 16;
    private static readonly uint[][] Tables = Build();

    /// <summary>Of <paramref name="length"/> bytes from <paramref name="start"/> on.</summary>
    public static uint Of(ByteSource bytes, long start, long length)
    {
        var (state, piece) = (uint.MaxValue, new byte[Math.Min(Piece, length)]);
        for (var done = 0L; done < length; done += Piece)
        {
            var part = piece.AsSpan(0, (int)Math.Min(Piece, length - done));
            bytes.Read(start + done, part);
            state = Update(state, part);
        }

        return ~state;
    }

    private static uint Update(uint state, ReadOnlySpan<byte> part)
    {
        for (; part.Length >= 8; part = part[8..])
        {
            state ^= part[0] | ((uint)part[1] << 8) | ((uint)part[2] << 16) | ((uint)part[3] << 24);
            state = Tables[7][(byte)state] ^ Tables[6][(byte)(state >> 8)] ^ Tables[5][(byte)(state >> 16)] ^ Tables[4][state >> 24]
                ^ Tables[3][part[4]] ^ Tables[2][part[5]] ^ Tables[1][part[6]] ^ Tables[0][part[7]];
        }

        foreach (var item in part)
        {
            state = Tables[0][(byte)(state ^ item)] ^ (state >> 8);
        }

        return state;
    }

    private static uint[][] Build()
    {
        var tables = Enumerable.Range(0, 8).Select(_ => new uint[256]).ToArray();
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            tables[0][i] = value;
        }

        for (var i = 0; i < 256; i++)
        {
            for (var table = 1; table < 8; table++)
            {
                tables[table][i] = tables[0][(byte)tables[table - 1][i]] ^ (tables[table - 1][i] >> 8);
            }
        }

        return tables;
    }
}
