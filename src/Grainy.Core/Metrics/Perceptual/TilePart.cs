using Grainy.Core.Convolutions;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>The features of one layer that one tile gave.</summary>
/// <param name="Rows">Of the tile.</param>
/// <param name="Columns">Of the tile.</param>
/// <param name="FirstOther">Number of the first picture that is compared with the reference.</param>
/// <param name="Others">How many are.</param>
/// <param name="Layer">Which layer.</param>
/// <param name="Features">Of K·(1 + Others) images; valid during the call.</param>
/// <param name="OwnRows">Rows of the features that no other tile counts.</param>
/// <param name="OwnColumns">Columns of the features that no other tile counts.</param>
internal readonly record struct TilePart(
    TileSpan Rows,
    TileSpan Columns,
    int FirstOther,
    int Others,
    int Layer,
    FeatureMap Features,
    (int From, int To) OwnRows,
    (int From, int To) OwnColumns);
