namespace Grainy.Core.Convolutions;

/// <summary>
/// A 3 × 3 convolution over rows r − 2 … r and columns c − 1 … c + 1 with its leaky rectifier, forward and backward, tile by tile by <see cref="Winograd"/>. Sums are
/// taken in a fixed order, so that results depend on neither threads nor their turns.
/// </summary>
/// <param name="output">O, a multiple of eight.</param>
/// <param name="input">C, of all sources together, without padding.</param>
/// <param name="rows">The same with padding, a multiple of eight.</param>
/// <param name="slope">Of the rectifier.</param>
internal sealed unsafe class TrainedConvolution(int output, int input, int rows, float slope)
{
    private const int Squares = 36;
    private const int Side = 6;
    private const int Lanes = 8;

    // Few enough for their numbers to stay in a processor's own cache; gradients of kernels are added up over more, because their sums are read and written each time.
    private const int TilesAtOnce = 24;
    private const int TilesForWeights = 48;

    // Shares of the work whose sums are kept apart.
    private const int Shares = 8;

    private readonly int _columns = WideProducts.Padded(output);
    private readonly float[] _forward = new float[Squares * input * WideProducts.Padded(output)];
    private readonly float[] _backward = new float[Squares * output * WideProducts.Padded(input)];
    private readonly float[] _bias = new float[WideProducts.Padded(output)];

    /// <summary>Takes in new numbers.</summary>
    /// <param name="kernels"><c>[O, C, 3, 3]</c>; borrowed.</param>
    /// <param name="bias"><c>[O]</c>; borrowed.</param>
    /// <param name="backward">Gradients will be wanted.</param>
    public void Load(float* kernels, float* bias, bool backward)
    {
        TrainedKernels.Transform(kernels, output, input, false, _forward);
        new ReadOnlySpan<float>(bias, output).CopyTo(_bias);
        if (backward)
        {
            TrainedKernels.Transform(kernels, output, input, true, _backward);
        }
    }

    /// <summary>Convolves and rectifies.</summary>
    /// <param name="into">For the result; null: the caller owns a new one.</param>
    /// <param name="sources">What it reads.</param>
    public FeatureMap Run(FeatureMap? into, params TileSource[] sources)
    {
        var result = into ?? new FeatureMap(sources[0].Map.Count, sources[0].Height, sources[0].Width, output);
        Each(sources, new TileGrid(result.Count, result.Height, result.Width), (-2, -1), (input, rows, _columns, _columns), _forward, 0, (grid, first, count, sums, step) =>
        {
            var room = stackalloc float[TileTransforms.Room];
            fixed (float* bias = _bias)
            {
                var place = grid.Place(first);
                for (var tile = 0; tile < count; tile++)
                {
                    var ((image, row, column), next) = (place, grid.After(place));
                    place = next;
                    var (inside, to) = (grid.Inside(row, column), (nint)result.At(image, row, column));
                    Prefetch(result, next);
                    for (var at = 0; at < output; at += Lanes)
                    {
                        TileTransforms.Output<KernelOfThree>(
                            sums + (tile * _columns) + at,
                            step,
                            (float*)to + at,
                            (nint)result.Width * output,
                            output,
                            inside,
                            System.Runtime.Intrinsics.Vector256.Load(bias + at),
                            System.Runtime.Intrinsics.Vector256.Create(slope),
                            room);
                    }
                }
            }
        });
        return result;
    }

    /// <summary>Gradients of what it read.</summary>
    /// <param name="gradient">Before the rectifier; borrowed.</param>
    /// <param name="targets">One for each source that wants them, in their order; the maps are overwritten.</param>
    public void Inputs(FeatureMap gradient, params Target[] targets)
    {
        var columns = WideProducts.Padded(targets.Sum(target => target.Map.Channels));
        // Sums of 2 × 2 need fewer products; maps that were doubled come first.
        var pairs = targets.All(target => target.Doubled) ? columns : targets[0].Doubled ? targets[0].Map.Channels / WideProducts.Channels * WideProducts.Channels : 0;
        var whole = new TileGrid(gradient.Count, gradient.Height, gradient.Width);
        Each([new TileSource(gradient)], whole, (0, -1), (output, output, columns, WideProducts.Padded(input)), _backward, pairs, (grid, first, count, sums, step) =>
        {
            var room = stackalloc float[TileTransforms.Room];
            var place = grid.Place(first);
            for (var tile = 0; tile < count; tile++)
            {
                var ((image, row, column), next) = (place, grid.After(place));
                place = next;
                var (inside, from) = (grid.Inside(row, column), (nint)(sums + (tile * columns)));
                foreach (var target in targets)
                {
                    var (map, half) = (target.Map, target.Doubled ? 2 : 1);
                    var values = target.Rectified is { } rectified ? (nint)rectified.At(image, row / half, column / half) : 0;
                    var to = (nint)map.At(image, row / half, column / half);
                    Prefetch(map, next, half);
                    if (target.Rectified is { } more)
                    {
                        Prefetch(more, next, half);
                    }

                    for (var at = 0; at < map.Channels; at += Lanes)
                    {
                        TileGradients.Output(
                            (float*)from + at,
                            step,
                            (float*)to + at,
                            values == 0 ? null : (float*)values + at,
                            (nint)map.Width * map.Channels,
                            map.Channels,
                            inside,
                            slope,
                            target.Doubled,
                            room);
                    }

                    from += map.Channels * sizeof(float);
                }
            }
        });
    }

    /// <summary>Gradients of kernels and biases.</summary>
    /// <param name="gradient">Before the rectifier; borrowed.</param>
    /// <param name="kernels"><c>[O, C, 3, 3]</c>; overwritten.</param>
    /// <param name="bias"><c>[O]</c>; overwritten.</param>
    /// <param name="sources">What it read; borrowed.</param>
    public void Weights(FeatureMap gradient, float* kernels, float* bias, params TileSource[] sources)
    {
        var grid = new TileGrid(gradient.Count, gradient.Height, gradient.Width);
        var room = (input + WideProducts.Rows - 1) / WideProducts.Rows * WideProducts.Rows;
        using var sums = new FeatureMap(1, Shares, Squares, room * _columns);
        using var biases = new FeatureMap(1, 1, Shares, _columns);
        new Span<float>(sums.Data, (int)sums.Length).Clear();
        new Span<float>(biases.Data, (int)biases.Length).Clear();
        Spread.For(Shares, share =>
        {
            var (from, to) = ((int)((long)grid.Tiles * share / Shares), (int)((long)grid.Tiles * (share + 1) / Shares));
            var (inputStep, gradientStep) = ((TilesForWeights * rows) + Products.Channels, (TilesForWeights * _columns) + Products.Channels);
            using var inputs = new FeatureMap(1, 1, Squares, inputStep);
            using var gradients = new FeatureMap(1, 1, Squares, gradientStep);
            if (_columns > output)
            {
                new Span<float>(gradients.Data, (int)gradients.Length).Clear();
            }

            for (var first = from; first < to; first += TilesForWeights)
            {
                var count = Math.Min(TilesForWeights, to - first);
                TileInputs.Transform(sources, grid, first, count, (-2, -1), rows, inputs.Data, inputStep);
                SpreadGradients(gradient, grid, first, count, gradients.Data, gradientStep);
                // The sum of each tile.
                OuterProducts.AddRows(gradients.Data + (7 * gradientStep), _columns, count, biases.Data + (share * _columns), _columns);
                for (var square = 0; square < Squares; square++)
                {
                    var target = sums.Data + ((((long)share * Squares) + square) * room * _columns);
                    for (var row = Nothing(sources, square); row < input; row += WideProducts.Rows)
                    {
                        for (var column = 0; column < _columns; column += WideProducts.Channels)
                        {
                            WideProducts.AddOuter(
                                inputs.Data + (square * inputStep) + row,
                                rows,
                                gradients.Data + (square * gradientStep) + column,
                                _columns,
                                count,
                                target + (row * _columns) + column,
                                _columns);
                        }
                    }
                }
            }
        });
        TrainedKernels.Gradients(sums.Data, Shares, room, _columns, kernels, output, input);
        for (var channel = 0; channel < output; channel++)
        {
            var sum = 0f;
            for (var share = 0; share < Shares; share++)
            {
                sum += biases.Data[(share * _columns) + channel];
            }

            bias[channel] = sum;
        }
    }

    private void SpreadGradients(FeatureMap gradient, TileGrid grid, int first, int count, float* to, nint toStep)
    {
        var room = stackalloc float[TileTransforms.Room];
        var place = grid.Place(first);
        for (var tile = 0; tile < count; tile++)
        {
            var ((image, row, column), next) = (place, grid.After(place));
            place = next;
            var inside = grid.Inside(row, column);
            var from = gradient.At(image, row, column);
            Prefetch(gradient, next);
            for (var at = 0; at < output; at += Lanes)
            {
                TileGradients.Spread(from + at, (nint)gradient.Width * output, output, inside, to + (tile * _columns) + at, toStep, room);
            }
        }
    }

    private static void Prefetch(FeatureMap map, (int Image, int Row, int Column) place, int half = 1) =>
        map.Prefetch(place.Image, place.Row / half, place.Column / half, Winograd.Outputs / half, Winograd.Outputs / half);

    // Channels of a doubled source, which comes first, that are nothing there.
    private static int Nothing(TileSource[] sources, int square) =>
        sources[0].Doubled && square % Side == TileInputs.NothingDoubled ? sources[0].Map.Channels : 0;

    // Transforms, multiplies with kernels [36, all columns / 24, length, 24] and hands out the products [36, tiles, columns]. The first columns are wanted in pairs.
    private static void Each(
        TileSource[] sources, TileGrid grid, (int Row, int Column) offset, (int Length, int Room, int Columns, int AllColumns) size, float[] kernels, int pairs, Finish finish)
    {
        var (length, room, columns, allColumns) = size;
        var parts = (grid.Tiles + TilesAtOnce - 1) / TilesAtOnce;
        Spread.For(parts, part =>
        {
            var (first, count) = (part * TilesAtOnce, Math.Min(TilesAtOnce, grid.Tiles - (part * TilesAtOnce)));
            var (inputStep, sumStep) = ((TilesAtOnce * room) + Products.Channels, (TilesAtOnce * columns) + Products.Channels);
            using var inputs = new FeatureMap(1, 1, Squares, inputStep);
            using var sums = new FeatureMap(1, 1, Squares, sumStep);
            for (var square = 0; square < Squares && count < TilesAtOnce; square++)
            {
                new Span<float>(inputs.Data + (square * inputStep) + (count * room), (TilesAtOnce - count) * room).Clear();
            }

            TileInputs.Transform(sources, grid, first, count, offset, room, inputs.Data, inputStep);
            fixed (float* start = kernels)
            {
                for (var square = 0; square < Squares; square++)
                {
                    var skipped = Nothing(sources, square);
                    var unwanted = square / Side == TileInputs.NothingDoubled || square % Side == TileInputs.NothingDoubled ? pairs : 0;
                    for (var column = unwanted; column < columns; column += WideProducts.Channels)
                    {
                        var kernel = start + ((((long)square * allColumns) + column) * length) + (skipped * WideProducts.Channels);
                        for (var row = 0; row < count; row += WideProducts.Rows)
                        {
                            var from = inputs.Data + (square * inputStep) + (row * room) + skipped;
                            WideProducts.Multiply(from, room, kernel, length - skipped, sums.Data + (square * sumStep) + (row * columns) + column, columns);
                        }
                    }
                }
            }

            finish(grid, first, count, sums.Data, sumStep);
        });
    }

    private delegate void Finish(TileGrid grid, int first, int count, float* sums, nint step);

    /// <summary>Where gradients go.</summary>
    /// <param name="Map">Overwritten.</param>
    /// <param name="Rectified">What the rectifier before it gave, of the same size: the gradient before that is wanted. Null for no rectifier.</param>
    /// <param name="Doubled">The source was doubled: sums of 2 × 2. Such targets come first.</param>
    public readonly record struct Target(FeatureMap Map, FeatureMap? Rectified = null, bool Doubled = false);
}
