namespace Grainy.Core.Images;

/// <summary>The eight ways to mirror and turn a square.</summary>
internal static class Symmetry
{
    /// <summary>Where the sample comes from that stands at (row, column) of the turned square.</summary>
    /// <param name="kind">0 (as it is) to 7.</param>
    public static (int Row, int Column) Turn(int row, int column, int side, int kind)
    {
        row = (kind & 1) != 0 ? side - 1 - row : row;
        column = (kind & 2) != 0 ? side - 1 - column : column;
        return (kind & 4) != 0 ? (column, row) : (row, column);
    }
}
