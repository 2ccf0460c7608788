import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTexts } from "../app/session.tsx";
import { IconButton } from "./button.tsx";

/** Only for acts that need entries or can't be undone. Escape and the cross close it; the first field has the focus. */
export function Dialog({
  opened = true,
  onClose,
  title,
  size = "md",
  children,
}: {
  opened?: boolean;
  onClose: () => void;
  title: string;
  size?: "sm" | "md" | "lg";
  children: ReactNode;
}) {
  const texts = useTexts();
  return (
    // lockScroll would write a <style> element, which the content security policy refuses
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={size}
      centered
      lockScroll={false}
      transitionProps={{ duration: 120 }}
    >
      <Modal.Overlay />
      <Modal.Content radius="lg">
        <div className="dialog-head">
          <Modal.Title>{title}</Modal.Title>
          <IconButton icon="close" label={texts.common.close} onClick={onClose} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
