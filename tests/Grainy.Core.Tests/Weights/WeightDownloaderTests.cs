using Grainy.Core.Weights;
using Grainy.Core.Weights.Downloads;

namespace Grainy.Core.Tests.Weights;

public sealed class WeightDownloaderTests : IDisposable
{
    private static readonly KnownWeight Alex = KnownWeights.Find("lpips_lin_v0.1_alex")!;

    private readonly string _folder = Directory.CreateTempSubdirectory("grainy-pull-").FullName;
    private readonly byte[] _official = File.ReadAllBytes(SharedData.Require("weights/pth/lpips_v0.1_alex.pth"));

    private string PartPath => Path.Combine(_folder, ".downloads", "lpips_lin_v0.1_alex.part");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Pull_should_install_the_official_file_and_leave_nothing_else()
    {
        using var server = new FileServer(request => FileAnswer.Ranged(_official, request, "\"v1\""));
        var last = default(DownloadProgress);

        var imported = await PullAsync(server.Address, progress => last = progress);

        server.Requests.Select(request => (request.Target, request.Header("Range"))).ShouldBe([("/alex.pth", null)]);
        (imported.Name, imported.Hash).ShouldBe((Alex.Name, Alex.ContentHash!));
        last.ShouldBe(new DownloadProgress(Alex.Name, Alex.File.Size, Alex.File.Size));
        Directory.GetFileSystemEntries(_folder).ShouldBe([imported.Path]);
        new WeightStore([_folder]).Require(Alex.Name).Metadata["file"].ShouldBe("alex.pth");
    }

    [Fact]
    public async Task Pull_should_go_on_where_a_broken_connection_ended()
    {
        var cuts = new Queue<int?>([1000, 700, null]);
        using var server = new FileServer(request => FileAnswer.Ranged(_official, request, "\"v1\"") with { CutAfter = cuts.Dequeue() });

        await PullAsync(server.Address);

        server.Requests.Select(request => (request.Header("Range"), request.Header("If-Range")))
            .ShouldBe([(null, null), ("bytes=1000-", "\"v1\""), ("bytes=1700-", "\"v1\"")]);
        new WeightStore([_folder]).Require(Alex.Name).Hash.ShouldBe(Alex.ContentHash);
    }

    [Fact]
    public async Task Pull_should_keep_what_has_come_for_the_next_call()
    {
        using (var server = new FileServer(request => FileAnswer.Ranged(_official, request, "\"v1\"") with { CutAfter = 1000 }))
        {
            (await RefusalAsync(server.Address, attempts: 1)).ShouldEndWith(
                "(1000 of 6009 bytes are kept, and the next try goes on from there).");
        }

        new FileInfo(PartPath).Length.ShouldBe(1000);

        // Another mirror knows nothing of the first one's marks.
        using var other = new FileServer(request => FileAnswer.Ranged(_official, request, "\"of another mirror\""));
        await PullAsync(other.Address);

        other.Requests.Select(request => (request.Header("Range"), request.Header("If-Range"))).ShouldBe([("bytes=1000-", null)]);
        new WeightStore([_folder]).Require(Alex.Name).Hash.ShouldBe(Alex.ContentHash);
    }

    [Fact]
    public async Task Pull_should_start_again_where_the_server_knows_no_ranges_or_has_a_newer_file()
    {
        var cuts = new Queue<int?>([1000, null]);
        using var plain = new FileServer(_ => new FileAnswer(200, [], _official, cuts.Dequeue()));
        await PullAsync(plain.Address);
        plain.Requests.Last().Header("Range").ShouldBe("bytes=1000-");

        File.Delete(Path.Combine(_folder, Alex.Name + ".safetensors"));
        var marks = new Queue<(string, int?)>([("\"v1\"", 1000), ("\"v2\"", null)]);
        using var newer = new FileServer(request =>
        {
            var (mark, cut) = marks.Dequeue();
            return FileAnswer.Ranged(_official, request, mark) with { CutAfter = cut };
        });
        await PullAsync(newer.Address);
        newer.Requests.Count.ShouldBe(2);
        new WeightStore([_folder]).Require(Alex.Name).Hash.ShouldBe(Alex.ContentHash);
    }

    [Fact]
    public async Task Pull_should_drop_a_wrong_beginning_and_take_the_file_in_one_piece()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PartPath)!);
        await File.WriteAllBytesAsync(PartPath, new byte[2000], TestContext.Current.CancellationToken);
        using var server = new FileServer(request => FileAnswer.Ranged(_official, request, "\"v1\""));

        await PullAsync(server.Address);

        server.Requests.Select(request => request.Header("Range")).ShouldBe(["bytes=2000-", null]);
        new WeightStore([_folder]).Require(Alex.Name).Hash.ShouldBe(Alex.ContentHash);
    }

    [Fact]
    public async Task Pull_should_install_nothing_that_has_another_checksum()
    {
        _official[5000] ^= 1;
        using var server = new FileServer(request => FileAnswer.Ranged(_official, request, "\"v1\""));

        var message = await RefusalAsync(server.Address);

        message.ShouldStartWith($"What {server.Address}alex.pth sent is not the official alex.pth (its SHA-256 is ");
        message.ShouldEndWith("nothing was installed; try another mirror, or get the file yourself and run 'grainy weights import alex.pth'.");
        server.Requests.Count.ShouldBe(1);
        Directory.GetFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(512, "offers a file of 512 bytes where the official alex.pth has 6009")]
    [InlineData(9000, "offers a file of 9000 bytes where the official alex.pth has 6009")]
    public async Task Pull_should_see_a_page_or_another_file_by_its_size(int size, string reason)
    {
        using var server = new FileServer(_ => new FileAnswer(200, ["Content-Type: text/html"], new byte[size]));

        (await RefusalAsync(server.Address)).ShouldContain(reason);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pull_should_not_follow_an_endless_stream()
    {
        byte[] piece = [.. "4000\r\n"u8, .. new byte[0x4000], .. "\r\n"u8];
        using var server = new FileServer(_ => new FileAnswer(200, ["Transfer-Encoding: chunked"], [.. piece, .. piece]));

        (await RefusalAsync(server.Address)).ShouldContain("offers more than 6009 bytes where the official alex.pth has 6009");
    }

    [Fact]
    public async Task Pull_should_say_in_one_sentence_that_the_server_has_no_such_file()
    {
        using var server = new FileServer(_ => FileAnswer.Of(404));

        (await RefusalAsync(server.Address)).ShouldBe(
            $"lpips_lin_v0.1_alex cannot be fetched from {server.Address}alex.pth (the server answers 404 Test): get alex.pth on a machine with a network and run "
            + "'grainy weights import alex.pth', or name a mirror with --from or a proxy with --proxy.");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pull_should_say_in_one_sentence_that_there_is_no_connection()
    {
        var nobody = FileServer.NobodyThere();

        (await RefusalAsync(nobody, attempts: 2)).ShouldBe(
            $"lpips_lin_v0.1_alex cannot be fetched from {nobody}alex.pth (no connection: Connection refused): get alex.pth on a machine with a network and run "
            + "'grainy weights import alex.pth', or name a mirror with --from or a proxy with --proxy.");
    }

    [Fact]
    public async Task Pull_should_try_again_when_a_server_is_busy()
    {
        var answers = new Queue<int>([503, 429, 200]);
        using var server = new FileServer(request =>
            answers.Dequeue() is var status and not 200 ? FileAnswer.Of(status, "Retry-After: 0") : FileAnswer.Ranged(_official, request, "\"v1\""));

        var troubles = new List<string?>();
        await PullAsync(server.Address, progress => troubles.Add(progress.Trouble));

        server.Requests.Count.ShouldBe(3);
        troubles.Take(2).ShouldBe(["the server answers 503 Test", "the server answers 429 Test"]);
    }

    [Fact]
    public async Task Pull_should_give_up_on_a_server_that_says_nothing()
    {
        using var silence = new ManualResetEventSlim();
        using var server = new FileServer(_ =>
        {
            silence.Wait();
            return FileAnswer.Of(200);
        });

        var message = await RefusalAsync(server.Address, attempts: 1, patience: TimeSpan.FromMilliseconds(200));
        silence.Set();

        message.ShouldContain("(nothing came for 0 s)");
    }

    [Fact]
    public async Task Pull_should_go_through_a_proxy_with_its_password_and_show_it_to_nobody()
    {
        var asked = false;
        using var proxy = new FileServer(request =>
        {
            var refuses = request.Header("Proxy-Authorization") is null;
            asked |= refuses;
            return refuses ? FileAnswer.Of(407, "Proxy-Authenticate: Basic realm=\"test\"") : FileAnswer.Ranged(_official, request, "\"v1\"");
        });
        var address = new UriBuilder(proxy.Address) { UserName = "ann", Password = "s3cret" }.Uri;

        // The name exists nowhere: only the proxy can have answered.
        await PullAsync(new Uri("http://weights.invalid/lpips"), proxy: address);

        asked.ShouldBeTrue();
        proxy.Requests.Last().Target.ShouldBe("http://weights.invalid/lpips/alex.pth");
        Convert.FromBase64String(proxy.Requests.Last().Header("Proxy-Authorization")!["Basic ".Length..]).ShouldBe("ann:s3cret"u8.ToArray());
        (await RefusalAsync(new Uri("http://bob:hidden@weights.invalid/"), attempts: 1)).ShouldNotContain("hidden");
    }

    [Fact]
    public async Task Pull_should_not_disturb_another_one_of_the_same_weights()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PartPath)!);
        using var busy = new FileStream(PartPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        (await RefusalAsync(FileServer.NobodyThere())).ShouldContain("lpips_lin_v0.1_alex seems to be on its way already");
    }

    [Fact]
    public void Official_files_should_be_the_published_ones()
    {
        foreach (var known in KnownWeights.All)
        {
            known.File.Sha256.Length.ShouldBe(64);
            known.File.Address.Scheme.ShouldBe("https");
            // torchvision puts the beginning of the checksum into the name of the file.
            if (known.File.Address.Host == "download.pytorch.org")
            {
                known.File.FileName.ShouldEndWith($"-{known.File.Sha256[..8]}.pth");
            }
        }

        KnownWeights.All.Select(known => known.File.FileName).ShouldBeUnique();
    }

    [Theory]
    [InlineData("pth/lpips_v0.1_alex.pth", "lpips_lin_v0.1_alex")]
    [InlineData("pth/lpips_v0.1_squeeze.pth", "lpips_lin_v0.1_squeeze")]
    [InlineData("pth/lpips_v0.1_vgg.pth", "lpips_lin_v0.1_vgg")]
    [InlineData("npy/squeeze.npy", "elpips_lin_squeeze")]
    [InlineData("npy/squeeze_full_maxpool.npy", "elpips_lin_squeeze_full_maxpool")]
    [InlineData("npy/vgg_full_avg.npy", "elpips_lin_vgg_full_avg")]
    [InlineData("npy/vgg_maxpool.npy", "elpips_lin_vgg_maxpool")]
    public async Task Pull_should_install_every_set_of_heads(string file, string name)
    {
        var content = await File.ReadAllBytesAsync(SharedData.Require("weights/" + file), TestContext.Current.CancellationToken);
        using var server = new FileServer(request => FileAnswer.Ranged(content, request, "\"v1\""));

        (await PullAsync(server.Address, known: KnownWeights.Find(name))).Hash.ShouldBe(KnownWeights.Find(name)!.ContentHash);
    }

    private async Task<ImportedWeights> PullAsync(
        Uri mirror, Action<DownloadProgress>? report = null, Uri? proxy = null, int attempts = 4, TimeSpan? patience = null, KnownWeight? known = null)
    {
        patience ??= TimeSpan.FromSeconds(30);
        var options = new DownloadOptions { Mirror = mirror, Proxy = proxy, Attempts = attempts, FirstPause = TimeSpan.Zero, Patience = patience.Value };
        using var downloader = new WeightDownloader(options, TimeProvider.System);
        return await downloader.PullAsync(known ?? Alex, _folder, report ?? (_ => { }), TestContext.Current.CancellationToken);
    }

    private async Task<string> RefusalAsync(Uri mirror, int attempts = 4, TimeSpan? patience = null) =>
        (await Should.ThrowAsync<WeightDownloadException>(() => PullAsync(mirror, attempts: attempts, patience: patience))).Message;
}
