using MudBlazor;

namespace Grainy.Web.Layout;

/// <summary>Dark or light, kept in a cookie so that the server renders the right one at once.</summary>
public sealed class ThemeChoice
{
    public const string Cookie = "grainy.theme";
    public const string Dark = "dark";
    public const string Light = "light";

    /// <summary>Greys without a tint: nothing beside an image should shift how its colours look.</summary>
    public static MudTheme MudTheme { get; } = new()
    {
        PaletteDark = new PaletteDark
        {
            Black = "#141414",
            Background = "#1e1e1e",
            BackgroundGray = "#1a1a1a",
            Surface = "#2b2b2b",
            DrawerBackground = "#1a1a1a",
            AppbarBackground = "#1a1a1a",
            Primary = "#8ab8f0",
            PrimaryContrastText = "#0e1c2c",
            Secondary = "#c8c8c8",
            SecondaryContrastText = "#1e1e1e",
            Tertiary = "#9ad0b0",
            TextPrimary = "#e8e8e8",
            TextSecondary = "#b4b4b4",
            TextDisabled = "#8a8a8a",
            ActionDefault = "#c4c4c4",
            ActionDisabled = "#777777",
            ActionDisabledBackground = "#333333",
            LinesDefault = "#3d3d3d",
            LinesInputs = "#8c8c8c",
            Divider = "#3d3d3d",
            TableLines = "#3d3d3d",
            Error = "#f29a92",
            ErrorContrastText = "#2b0d0a",
            Warning = "#e8c071",
            Success = "#8fce9f",
            Info = "#8ab8f0",
            Dark = "#3a3a3a",
            DarkContrastText = "#f0f0f0",
        },
        PaletteLight = new PaletteLight
        {
            Background = "#f4f4f4",
            BackgroundGray = "#ececec",
            Surface = "#ffffff",
            DrawerBackground = "#ececec",
            AppbarBackground = "#ececec",
            Primary = "#1d5a9e",
            PrimaryContrastText = "#ffffff",
            Secondary = "#4a4a4a",
            Tertiary = "#1f6b41",
            TextPrimary = "#1c1c1c",
            TextSecondary = "#555555",
            TextDisabled = "#767676",
            ActionDefault = "#4a4a4a",
            ActionDisabled = "#8a8a8a",
            LinesDefault = "#d4d4d4",
            LinesInputs = "#767676",
            Divider = "#d4d4d4",
            TableLines = "#d4d4d4",
            Error = "#a8261b",
            Warning = "#7a5200",
            Success = "#1f6b41",
            Info = "#1d5a9e",
            Dark = "#3a3a3a",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"], FontSize = ".875rem" },
            Button = new ButtonTypography { TextTransform = "none", FontWeight = "500", LetterSpacing = "0" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "5px" },
    };

    /// <summary>True for dark.</summary>
    public bool IsDark { get; private set; } = true;

    /// <summary>Raised after <see cref="Toggle"/>.</summary>
    public event Action? Changed;

    /// <summary>Anything that is not <c>light</c> is dark.</summary>
    public static string Parse(string? text) => text == Light ? Light : Dark;

    /// <summary>Takes over what the server rendered.</summary>
    public void Start(string theme) => IsDark = Parse(theme) == Dark;

    /// <summary>Changes to the other one and returns its name.</summary>
    public string Toggle()
    {
        IsDark = !IsDark;
        Changed?.Invoke();
        return IsDark ? Dark : Light;
    }
}
