import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useDensity } from "@/shared/theme/density";
import classes from "./appearance-page.module.css";

export function AppearancePage() {
  useDocumentTitle("Appearance · Nodestral");
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const [density, setDensity] = useDensity();
  return (
    <div className={classes.list}>
      <section className={classes.setting}>
        <div>
          <h2 id="theme" className={classes.name}>
            Theme
          </h2>
          <p className={classes.note}>Kept in this browser.</p>
        </div>
        <SegmentedControl
          aria-labelledby="theme"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
          data={[
            { value: "auto", label: "As the system" },
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
          ]}
        />
      </section>
      <section className={classes.setting}>
        <div>
          <h2 id="density" className={classes.name}>
            Table rows
          </h2>
          <p className={classes.note}>Compact shows more at once, comfortable is easier to hit.</p>
        </div>
        <SegmentedControl
          aria-labelledby="density"
          value={density}
          onChange={(value) => setDensity(value as typeof density)}
          data={[
            { value: "compact", label: "Compact" },
            { value: "comfortable", label: "Comfortable" },
          ]}
        />
      </section>
    </div>
  );
}
